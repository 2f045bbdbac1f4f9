#include "tools/replaced_file.hpp"

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

class ReplacedFile : public CommandTest {
 protected:
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
};

TEST_F(ReplacedFile, IsMadeWhenItIsNotThere) {
  ASSERT_TRUE(replace_file(path("new"), std::string("a\0b\n", 4)));
  EXPECT_EQ(read(path("new")), std::string("a\0b\n", 4));
  EXPECT_EQ(std::filesystem::status(path("new")).permissions(), std::filesystem::perms{0644});
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReplacedFile, IsAnotherFileForWhoeverHasTheOldOneOpen) {
  std::ifstream opened(write("file", "old"));
  ASSERT_TRUE(replace_file(path("file"), "new"));
  std::string text;
  opened >> text;
  EXPECT_EQ(text, "old");
  EXPECT_EQ(read(path("file")), "new");
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReplacedFile, StaysWhereTheNewOneCannotBe) {
  const auto none = replace_file(path("none/file"), "new");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ExitCode::cannot_create);
  EXPECT_EQ(none.error().sentence, path("none/file") + ": No such file or directory");
  std::filesystem::create_directory(path("folder"));
  const auto folder = replace_file(path("folder"), "new");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ExitCode::cannot_create);
  EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace tecs
