#include "sasl/file_state.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "unit/sasl/signing_fixture.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

class FileStateTest : public testing::Test {
 protected:
  FileStateTest() { test::write_file(path, "one"); }

  test::TemporaryDirectory folder;
  const std::string path = folder.file("file");
};

TEST_F(FileStateTest, SameWhileNothingChanges) {
  EXPECT_EQ(FileState::of(path), FileState::of(path));
}

TEST_F(FileStateTest, NoFile) {
  EXPECT_EQ(FileState::of(folder.file("none")), std::nullopt);
}

TEST_F(FileStateTest, OtherText) {
  const auto before = FileState::of(path);
  test::write_file(path, "three");
  EXPECT_NE(FileState::of(path), before);
}

TEST_F(FileStateTest, OtherFileOfTheSameSize) {
  const auto before = FileState::of(path);
  test::write_file(folder.file("new"), "two");
  std::filesystem::rename(folder.file("new"), path);
  EXPECT_NE(FileState::of(path), before);
}

// The clock of file systems has steps of some milliseconds.
TEST_F(FileStateTest, OtherMode) {
  const auto before = FileState::of(path);
  while (FileState::of(path) == before) {
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  }
  EXPECT_EQ(FileState::of(path)->written, before->written);
}

}  // namespace
}  // namespace tecs
