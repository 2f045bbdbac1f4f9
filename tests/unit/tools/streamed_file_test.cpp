#include "tools/streamed_file.hpp"

#include <sys/stat.h>

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

class StreamedFileTest : public CommandTest {
 protected:
  [[nodiscard]] std::size_t files() const {
    const std::filesystem::directory_iterator folder(folder_);
    return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
  }
};

TEST_F(StreamedFileTest, IsThereWhenItIsCommitted) {
  auto file = StreamedFile::open(path("out"));
  ASSERT_TRUE(file) << file.error().sentence;
  (*file)->stream() << "text";
  EXPECT_FALSE(std::filesystem::exists(path("out")));
  ASSERT_TRUE((*file)->commit());
  EXPECT_EQ(read(path("out")), "text");
  file->reset();
  EXPECT_EQ(read(path("out")), "text");
  EXPECT_EQ(files(), 1U);
}

TEST_F(StreamedFileTest, LeavesWhatWasThereWhenItIsNot) {
  write("out", "before");
  {
    const auto file = StreamedFile::open(path("out"));
    ASSERT_TRUE(file);
    (*file)->stream() << "text" << std::flush;
    EXPECT_EQ(read(path("out")), "before");
  }
  EXPECT_EQ(read(path("out")), "before");
  EXPECT_EQ(files(), 1U);
}

TEST_F(StreamedFileTest, KeepsThePermissions) {
  write("out", "before");
  ASSERT_EQ(chmod(path("out").c_str(), 0640), 0);
  const auto file = StreamedFile::open(path("out"));
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->commit());
  struct stat status {};
  ASSERT_EQ(stat(path("out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST_F(StreamedFileTest, ReplacesNothingButFiles) {
  for (const std::string& place : {path("."), std::string("/dev/null"), path("no/such/folder")}) {
    const auto file = StreamedFile::open(place);
    ASSERT_FALSE(file) << place;
    EXPECT_EQ(file.error().reason, Reason::io_error);
    EXPECT_THAT(file.error().sentence, testing::StartsWith(place));
  }
  EXPECT_EQ(files(), 0U);
}

// As a program that hands the file on to another one has it.
TEST_F(StreamedFileTest, FollowsALinkAndKeepsIt) {
  write("file", "before");
  std::filesystem::create_symlink("file", path("link"));
  const auto file = StreamedFile::open(path("link"));
  ASSERT_TRUE(file);
  (*file)->stream() << "text";
  ASSERT_TRUE((*file)->commit());
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
  EXPECT_EQ(read(path("file")), "text");
}

TEST_F(StreamedFileTest, SaysWhatCouldNotBeWritten) {
  write("out", "before");
  const auto file = StreamedFile::open(path("out"));
  ASSERT_TRUE(file);
  (*file)->stream().setstate(std::ios::badbit);
  EXPECT_FALSE((*file)->commit());
  EXPECT_EQ(read(path("out")), "before");
}

}  // namespace
}  // namespace tecs
