#include "tools/socket_standing.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <vector>

namespace tecs {
namespace {

using Kind = SocketStanding::Kind;

struct User {
  uid_t number;
  std::vector<gid_t> groups;
};

std::optional<User> find_user(const std::string& name) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> space{};
  if (getpwnam_r(name.c_str(), &entry, space.data(), space.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (getgrouplist(name.c_str(), entry.pw_gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
    if (getgrouplist(name.c_str(), entry.pw_gid, groups.data(), &count) < 0) return std::nullopt;
  }
  groups.resize(static_cast<std::size_t>(count));
  return User{entry.pw_uid, std::move(groups)};
}

// path_resolution(7): the first class that fits decides. permission: 1 to search a folder, 2 to write.
bool permits(const struct stat& status, const User& user, unsigned permission) {
  if (user.number == 0) return true;
  unsigned shift = 0;
  if (status.st_uid == user.number) {
    shift = 6;
  } else if (std::find(user.groups.begin(), user.groups.end(), status.st_gid) != user.groups.end()) {
    shift = 3;
  }
  return ((status.st_mode >> shift) & permission) != 0;
}

std::string describe(const std::string& path, const struct stat& status) {
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), " has mode %04o, owner %u, group %u", status.st_mode & 07777U,
                static_cast<unsigned>(status.st_uid), static_cast<unsigned>(status.st_gid));
  return path + text.data();
}

SocketStanding not_seen(const std::string& path) {
  const int number = errno;
  const std::string explanation = path + ": " + std::generic_category().message(number);
  if (number == ENOENT || number == ENOTDIR) return {Kind::absent, explanation};
  return {Kind::unknown, explanation};
}

}  // namespace

SocketStanding socket_standing(const std::string& path, const std::string& user_name) {
  const auto user = find_user(user_name);
  if (!user) return {Kind::unknown, "there is no user " + user_name};
  struct stat status {};
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string folder = slash == 0 ? "/" : path.substr(0, slash);
    if (stat(folder.c_str(), &status) != 0) return not_seen(folder);
    if (!S_ISDIR(status.st_mode)) return {Kind::absent, folder + " is not a folder"};
    if (!permits(status, *user, 1))
      return {Kind::forbidden, describe(folder, status) + ", and " + user_name + " cannot pass it"};
  }
  if (stat(path.c_str(), &status) != 0) return not_seen(path);
  if (!S_ISSOCK(status.st_mode)) return {Kind::not_a_socket, path + " is not a socket"};
  if (!permits(status, *user, 2))
    return {Kind::forbidden, describe(path, status) + ", and " + user_name + " cannot write to it"};
  return {};
}

}  // namespace tecs
