#include "tools/text_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "tecs/adapters/file_descriptor.hpp"

namespace tecs {
namespace {

tl::unexpected<Error> failed_here(const std::string& path, const std::string& why) {
  return failure(Reason::io_error, path + ": " + why);
}

std::string last_error() {
  return std::generic_category().message(errno);
}

}  // namespace

Expected<std::string> read_text_file(const std::string& path) {
  // A FIFO without a writer would be waited for.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file || fstat(file.number(), &status) != 0) return failed_here(path, last_error());
  if (!S_ISREG(status.st_mode)) return failed_here(path, "not a file");
  std::string text;
  std::array<char, 65536> part{};
  while (true) {
    const ssize_t count = read(file.number(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed_here(path, last_error());
    if (count == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(count));
    if (text.size() > maximum_text_file_octets) return failed_here(path, "too large for a configuration");
  }
}

}  // namespace tecs
