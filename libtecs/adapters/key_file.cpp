#include "tecs/adapters/key_file.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

constexpr std::size_t maximum_size = 65'536;

// Cleared when it is no longer needed, so that the key does not stay behind in freed memory.
struct Secret {
  std::vector<char> octets = std::vector<char>(maximum_size + 1);
  Secret() = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { ::explicit_bzero(octets.data(), octets.size()); }
};

std::string user_name(uid_t user) {
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(user, &entry, space.data(), space.size(), &found) == 0 && found != nullptr)
    return entry.pw_name;
  return "user " + std::to_string(user);
}

std::string in_octal(mode_t mode) {
  std::string digits(4, '0');
  for (std::size_t i = digits.size(); i-- > 0; mode >>= 3U) digits[i] = static_cast<char>('0' + (mode & 7U));
  return digits;
}

Expected<void> check_permissions(int descriptor, const std::string& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0)
    return failure(Reason::io_error, path + ": " + system_sentence(errno));
  if (!S_ISREG(status.st_mode)) return failure(Reason::bad_key_file, path + " is not a regular file");
  const mode_t mode = status.st_mode & 07777U;
  const char* who = nullptr;
  if ((mode & S_IROTH) != 0) who = "everybody may read it";
  if ((mode & (S_IWGRP | S_IWOTH)) != 0) who = "others than its owner may write to it";
  if (who == nullptr) return {};
  return failure(Reason::bad_key_file, path + " belongs to " + user_name(status.st_uid) + " and has mode " +
                                           in_octal(mode) + ": " + who +
                                           "; set it to 0600, or 0640 for a group");
}

Expected<std::size_t> read_all(int descriptor, std::vector<char>& space, const std::string& path) {
  std::size_t size = 0;
  while (size < space.size()) {
    const ssize_t count = ::read(descriptor, space.data() + size, space.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(Reason::io_error, path + ": " + system_sentence(errno));
    if (count == 0) return size;
    size += static_cast<std::size_t>(count);
  }
  return failure(Reason::bad_key_file, path + " is longer than a key can be");
}

}  // namespace

Expected<SigningKey> read_key_file(const std::string& path) {
  // Not to wait for a writer, if it is a pipe.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return failure(Reason::io_error, path + ": " + system_sentence(errno));
  // Of the open file, so that what is checked is what is read.
  const auto checked = check_permissions(file.number(), path);
  if (!checked) return tl::unexpected(checked.error());
  Secret secret;
  const auto size = read_all(file.number(), secret.octets, path);
  if (!size) return tl::unexpected(size.error());
  auto key = SigningKey::from_pem({secret.octets.data(), *size});
  if (!key) return failure(Reason::bad_key_file, path + ": " + key.error().sentence);
  return key;
}

}  // namespace tecs
