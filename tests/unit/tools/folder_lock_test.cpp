#include "tools/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

class FolderLocked : public CommandTest {
 protected:
  // Whether somebody else could have it now.
  [[nodiscard]] bool is_free(const std::string& folder) const {
    const FileDescriptor other(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return flock(other.number(), LOCK_EX | LOCK_NB) == 0;
  }
  const std::string folder_ = path(".");
};

TEST_F(FolderLocked, IsFreeAgainWhenTheLockIsGone) {
  EXPECT_TRUE(is_free(folder_));
  {
    const auto lock = FolderLock::take(path("not-there-yet"));
    ASSERT_TRUE(lock);
    EXPECT_FALSE(is_free(folder_));
  }
  EXPECT_TRUE(is_free(folder_));
}

TEST_F(FolderLocked, IsThatOfTheFileBehindALink) {
  std::filesystem::create_directory(path("links"));
  write("real", "");
  std::filesystem::create_symlink(path("real"), path("links/link"));
  const auto lock = FolderLock::take(path("links/link"));
  ASSERT_TRUE(lock);
  EXPECT_FALSE(is_free(folder_));
  EXPECT_TRUE(is_free(path("links")));
}

TEST_F(FolderLocked, NeedsAFolder) {
  const auto lock = FolderLock::take(path("none/file"));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, ExitCode::cannot_create);
  EXPECT_THAT(lock.error().sentence, testing::HasSubstr("No such file"));
}

}  // namespace
}  // namespace tecs
