#include "tools/file_beside.hpp"

#include <sys/stat.h>

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

constexpr uid_t nobody = 65534;
constexpr gid_t some_group = 54321;

// Who may do less, for a while.
class Unprivileged {
 public:
  Unprivileged() : is_(seteuid(nobody) == 0) {}
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() { EXPECT_EQ(seteuid(0), 0); }
  explicit operator bool() const { return is_; }

 private:
  bool is_;
};

class FileBesideTest : public CommandTest {
 protected:
  // With the exit status and the sentence, or none when the file was replaced.
  static std::optional<Failure> replace(const std::string& path) {
    auto file = FileBeside::make(path, NewFileMode::by_umask);
    if (!file) return file.error();
    EXPECT_EQ(::write(file->number(), "new", 3), 3);
    const auto done = file->commit();
    return done ? std::nullopt : std::optional(done.error());
  }
  [[nodiscard]] std::string write_mode(const std::string& name, mode_t mode, gid_t group) const {
    const std::string file = write(name, "old");
    EXPECT_EQ(chown(file.c_str(), 0, group), 0);
    EXPECT_EQ(chmod(file.c_str(), mode), 0);
    return file;
  }
  static struct stat status_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(lstat(path.c_str(), &status), 0);
    return status;
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
};

TEST_F(FileBesideTest, LeavesNothingWhenItIsNotCommitted) {
  write("file", "old");
  {
    const auto file = FileBeside::make(path("file"), NewFileMode::everybody);
    ASSERT_TRUE(file);
    EXPECT_EQ(files(), 2U);
  }
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(read(path("file")), "old");
}

TEST_F(FileBesideTest, ReplacesNothingButFiles) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  std::filesystem::create_directory(path("folder"));
  std::filesystem::create_symlink("pipe", path("link-to-pipe"));
  std::filesystem::create_symlink("nothing", path("link-to-nothing"));
  std::filesystem::create_symlink("/dev/null", path("link-to-device"));
  for (const std::string& place :
       {path("pipe"), path("folder"), path("link-to-pipe"), path("link-to-nothing"), path("link-to-device"),
        std::string("/dev/null")}) {
    const auto failure = replace(place);
    ASSERT_TRUE(failure) << place;
    EXPECT_EQ(failure->code, ExitCode::cannot_create);
    EXPECT_EQ(failure->sentence, place + ": not a file that can be replaced");
  }
  EXPECT_TRUE(S_ISFIFO(status_of(path("pipe")).st_mode));
  EXPECT_EQ(files(), 5U);
}

TEST_F(FileBesideTest, FollowsALinkAndKeepsIt) {
  std::filesystem::create_directory(path("folder"));
  write("folder/file", "old");
  std::filesystem::create_symlink("folder/file", path("link"));
  EXPECT_FALSE(replace(path("link")));
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
  EXPECT_EQ(read(path("folder/file")), "new");
}

TEST_F(FileBesideTest, KeepsPermissionsOwnerAndGroup) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const std::string file = write_mode("file", 0640, some_group);
  ASSERT_EQ(chown(file.c_str(), nobody, some_group), 0);
  EXPECT_FALSE(replace(file));
  EXPECT_EQ(read(file), "new");
  const struct stat status = status_of(file);
  EXPECT_EQ(status.st_uid, nobody);
  EXPECT_EQ(status.st_gid, some_group);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST_F(FileBesideTest, TakesNoFileAwayFromItsGroup) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  const std::string file = write_mode("file", 0640, some_group);
  ASSERT_EQ(chmod(folder_.c_str(), 0777), 0);
  {
    const Unprivileged unprivileged;
    ASSERT_TRUE(unprivileged);
    const auto failure = replace(file);
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, ExitCode::cannot_create);
    EXPECT_THAT(failure->sentence, testing::HasSubstr("only its group may read it"));
  }
  EXPECT_EQ(read(file), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(FileBesideTest, GivesAnotherGroupNoMoreThanEverybody) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  const std::string shared = write_mode("shared", 0664, some_group);
  const std::string own = write_mode("own", 0600, some_group);
  ASSERT_EQ(chmod(folder_.c_str(), 0777), 0);
  {
    const Unprivileged unprivileged;
    ASSERT_TRUE(unprivileged);
    EXPECT_FALSE(replace(shared));
    EXPECT_FALSE(replace(own));
  }
  EXPECT_EQ(status_of(shared).st_mode & 07777U, 0644U);
  EXPECT_EQ(status_of(own).st_mode & 07777U, 0600U);
  EXPECT_EQ(read(shared), "new");
}

}  // namespace
}  // namespace tecs
