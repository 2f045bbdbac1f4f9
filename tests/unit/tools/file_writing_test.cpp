#include "tools/file_writing.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>

#include "tecs/adapters/file_descriptor.hpp"
#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

// A pipe takes no more than it has room for, and is asked again.
TEST(FileWriting, WritesAllOfIt) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const std::string text(1'000'000, 'x');
  std::string found;
  std::thread reader([&] {
    std::array<char, 4096> piece{};
    for (ssize_t size = 0; (size = read(reading.number(), piece.data(), piece.size())) > 0;)
      found.append(piece.data(), static_cast<std::size_t>(size));
  });
  EXPECT_TRUE(write_all(writing.number(), text));
  writing.reset();
  reader.join();
  EXPECT_EQ(found, text);
}

TEST(FileWriting, SaysWhatCouldNotBeWritten) {
  const FileDescriptor full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full);
  EXPECT_FALSE(write_all(full.number(), "text"));
  EXPECT_EQ(errno, ENOSPC);
}

}  // namespace
}  // namespace tecs
