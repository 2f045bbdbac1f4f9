#include "tools/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "tecs/adapters/file_descriptor.hpp"
#include "tools/file_writing.hpp"

namespace tecs {
namespace {

FileDescriptor open_file(const std::string& path, int flags, mode_t mode = 0) {
  return FileDescriptor(open(path.c_str(), flags | O_CLOEXEC, mode));
}

tl::unexpected<Failure> failed_here(ExitCode code, const std::string& path) {
  return failed(code, path + ": " + std::generic_category().message(errno));
}

}  // namespace

Outcome<void> write_key_file(const std::string& path, const SigningKey& key) {
  const std::string pem = key.to_pem();
  const FileDescriptor file = open_file(path, O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  if (!file) return failed_here(ExitCode::cannot_create, path);
  // A umask may have taken even the owner's permissions away.
  if (fchmod(file.number(), S_IRUSR | S_IWUSR) == 0 && write_all(file.number(), pem) &&
      fsync(file.number()) == 0) {
    sync_folder_of(path);
    return {};
  }
  const auto failure = failed_here(ExitCode::io_error, path);
  unlink(path.c_str());
  return failure;
}

}  // namespace tecs
