#include "tools/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <ostream>
#include <string_view>
#include <system_error>
#include <utility>

#include "tecs/adapters/file_descriptor.hpp"

namespace tecs {
namespace {

FileDescriptor open_file(const std::string& path, int flags, mode_t mode = 0) {
  return FileDescriptor(open(path.c_str(), flags | O_CLOEXEC, mode));
}

tl::unexpected<Failure> failed_here(ExitCode code, const std::string& path) {
  return failed(code, path + ": " + std::generic_category().message(errno));
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A name is on disk only when its folder is (fsync(2)). Not every folder that can be written in can be
// opened, so this is no condition.
void sync_folder_of(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const FileDescriptor folder = open_file(parent.empty() ? "." : parent.string(), O_RDONLY | O_DIRECTORY);
  if (folder) fsync(folder.number());
}

Outcome<std::string> read_all(const FileDescriptor& file, const std::string& path) {
  std::string text;
  std::array<char, 4096> part{};
  while (true) {
    const ssize_t count = read(file.number(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed_here(ExitCode::no_input, path);
    if (count == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(count));
    if (text.size() > maximum_key_file_octets) {
      return failed(ExitCode::data_error, path + ": too large to be a private key");
    }
  }
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

Outcome<SigningKey> read_key_file(const std::string& path, std::ostream& err) {
  const FileDescriptor file = open_file(path, O_RDONLY);
  struct stat status {};
  if (!file || fstat(file.number(), &status) != 0) return failed_here(ExitCode::no_input, path);
  if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    err << "warning: " << path << " can be read by others than its owner\n";
  }
  const auto pem = read_all(file, path);
  if (!pem) return tl::unexpected(pem.error());
  auto key = SigningKey::from_pem(*pem);
  if (!key) return failed(ExitCode::data_error, path + ": " + key.error().sentence);
  return *std::move(key);
}

}  // namespace tecs
