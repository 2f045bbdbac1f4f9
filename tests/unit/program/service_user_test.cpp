#include "program/service_user.hpp"

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

namespace tecs::test {
namespace {

TEST(ServiceUser, IsAUserByNameWithTheirGroupOrAnother) {
  const auto alone = ServiceUser::parse("daemon");
  ASSERT_TRUE(alone) << alone.error().sentence;
  EXPECT_EQ(alone->user(), getpwnam("daemon")->pw_uid);
  EXPECT_EQ(alone->group(), getpwnam("daemon")->pw_gid);
  const auto with_group = ServiceUser::parse("daemon:mail");
  ASSERT_TRUE(with_group) << with_group.error().sentence;
  EXPECT_NE(with_group->group(), alone->group());
  EXPECT_EQ(with_group->text(), "daemon:mail");
}

TEST(ServiceUser, MustBeThereAndNotBeRoot) {
  struct Row {
    const char* text;
    const char* want;
  };
  for (const Row& row : {Row{"root", "it must be a user other than root"},
                         Row{"nobody-of-that-name", "there is no user 'nobody-of-that-name'"},
                         Row{"daemon:no-such-group", "there is no group 'no-such-group'"},
                         Row{"", "there is no user ''"}, Row{"daemon:", "there is no group ''"}}) {
    const auto user = ServiceUser::parse(row.text);
    ASSERT_FALSE(user) << row.text;
    EXPECT_EQ(user.error().sentence, row.want);
  }
}

TEST(ServiceUser, OwnsAFileItIsGivenAndNotWhatALinkNames) {
  if (getuid() != 0) GTEST_SKIP() << "only root can give files away";
  const ServiceUser user = ServiceUser::parse("daemon:mail").value();
  const std::string path = testing::TempDir() + "service_user_test." + std::to_string(getpid());
  const std::string link = path + ".link";
  std::ofstream(path) << "x";
  ASSERT_EQ(symlink(path.c_str(), link.c_str()), 0);
  struct stat file {};
  EXPECT_TRUE(user.own(link));
  ASSERT_EQ(stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_uid, 0U);
  EXPECT_TRUE(user.own(path));
  ASSERT_EQ(stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_uid, user.user());
  EXPECT_EQ(file.st_gid, user.group());
  unlink(link.c_str());
  unlink(path.c_str());
  const auto gone = user.own(path);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().sentence, "cannot give " + path + " to daemon:mail: No such file or directory");
}

// In a process of its own, as there is no way back.
TEST(ServiceUser, GivesUpWhatRootHasForGood) {
  if (getuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  const ServiceUser user = ServiceUser::parse("daemon:mail").value();
  const pid_t child = fork();
  if (child == 0) {
    std::array<gid_t, 8> groups{};
    const bool became = user.become().has_value() && getuid() == user.user() && getegid() == user.group() &&
                        getgroups(static_cast<int>(groups.size()), groups.data()) == 0;
    const bool again = user.become().has_value();
    const bool back = setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0;
    _exit(became && again && !back ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(ServiceUser, CannotBeBecomeByOthersThanRoot) {
  if (getuid() != 0) GTEST_SKIP() << "needs somebody else to try it";
  const pid_t child = fork();
  if (child == 0) {
    const bool first = ServiceUser::parse("daemon").value().become().has_value();
    _exit(first && !ServiceUser::parse("mail").value().become() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace tecs::test
