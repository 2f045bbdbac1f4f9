#include "tools/maildir.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

namespace fs = std::filesystem;

class Maildir : public testing::Test {
 protected:
  Maildir() {
    fs::create_directories(root_ / "new");
    fs::create_directories(root_ / "cur");
  }
  void put(const std::string& name) { std::ofstream(root_ / name) << "x"; }
  std::vector<std::string> unseen() {
    std::vector<std::string> names;
    const auto mails = find_unseen_mails(root_);
    for (const fs::path& mail : mails.value()) names.push_back(fs::relative(mail, root_));
    return names;
  }

  test::TemporaryDirectory directory_;
  const fs::path root_ = directory_.file("maildir");
};

TEST_F(Maildir, IsAFolderWithNewAndCur) {
  EXPECT_TRUE(is_maildir(root_));
  EXPECT_FALSE(is_maildir(root_ / "new"));
  EXPECT_FALSE(is_maildir(root_ / "missing"));
  fs::remove(root_ / "cur");
  EXPECT_FALSE(is_maildir(root_));
  EXPECT_FALSE(find_unseen_mails(root_));
}

TEST_F(Maildir, FindsWhatNobodyHasSeen) {
  for (const std::string name : {"new/2", "new/1", "new/3:2,S", "cur/a:2,", "cur/b:2,FS", "cur/c", "new/.x"})
    put(name);
  fs::create_directory(root_ / "new/folder");
  fs::create_symlink("/etc/passwd", root_ / "new/link");
  EXPECT_EQ(unseen(), (std::vector<std::string>{"cur/a:2,", "cur/c", "new/1", "new/2", "new/3:2,S"}));
}

TEST_F(Maildir, ReadsWhatItFound) {
  std::ofstream(root_ / "new/1") << std::string(200000, 'x') << std::string(1, '\0') << "y";
  EXPECT_EQ(read_found_mail(root_ / "new/1", 200002).value(), std::string(200000, 'x') + '\0' + "y");
  EXPECT_EQ(read_found_mail(root_ / "new/1", 200001).value()->size(), 200002U);
  EXPECT_EQ(read_found_mail(root_ / "new/1", 1000).value(), std::string(1001, 'x'));
  put("new/empty");
  std::ofstream(root_ / "new/empty", std::ios::trunc);
  EXPECT_EQ(read_found_mail(root_ / "new/empty", 1000).value(), "");
  EXPECT_EQ(read_found_mail(root_ / "new/gone", 1000).value(), std::nullopt);
}

// Whoever may write there may put something else in its place.
TEST_F(Maildir, ReadsNothingButRegularFiles) {
  put("elsewhere");
  fs::create_symlink(root_ / "elsewhere", root_ / "new/link");
  fs::create_directory(root_ / "new/folder");
  ASSERT_EQ(mkfifo((root_ / "new/pipe").c_str(), 0600), 0);
  for (const std::string name : {"new/link", "new/folder", "new/pipe", "new/link/below"}) {
    const auto mail = read_found_mail(root_ / name, 1000);
    ASSERT_FALSE(mail) << name;
    EXPECT_EQ(mail.error().reason, Reason::io_error);
  }
}

TEST_F(Maildir, OverwritesNoOtherMail) {
  put("new/1");
  std::ofstream(root_ / "cur/1:2,S") << "another";
  EXPECT_FALSE(mark_seen(root_ / "new/1"));
  EXPECT_EQ(read_found_mail(root_ / "cur/1:2,S", 1000).value(), "another");
  EXPECT_TRUE(fs::exists(root_ / "new/1"));
}

TEST_F(Maildir, MarksWhatWasSeen) {
  for (const std::string name : {"new/1", "new/2:2,", "cur/3:2,RT", "cur/4", "new/5:2,S"}) {
    put(name);
    EXPECT_TRUE(mark_seen(root_ / name));
  }
  for (const std::string name : {"1:2,S", "2:2,S", "3:2,RST", "4:2,S", "5:2,S"})
    EXPECT_TRUE(fs::exists(root_ / "cur" / name)) << name;
  EXPECT_TRUE(fs::is_empty(root_ / "new"));
  EXPECT_EQ(unseen(), std::vector<std::string>{});
  EXPECT_FALSE(mark_seen(root_ / "new/1"));
}

}  // namespace
}  // namespace tecs
