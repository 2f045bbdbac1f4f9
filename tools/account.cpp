#include "tools/account.hpp"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace tecs {

std::optional<Account> find_account(const std::string& name) {
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
  return Account{entry.pw_uid, std::move(groups)};
}

bool permits(const struct stat& status, const Account& account, unsigned permission) {
  if (account.user == 0) return true;
  unsigned shift = 0;
  if (status.st_uid == account.user) {
    shift = 6;
  } else if (std::find(account.groups.begin(), account.groups.end(), status.st_gid) != account.groups.end()) {
    shift = 3;
  }
  return ((status.st_mode >> shift) & permission) != 0;
}

std::string describe_mode(const std::string& path, const struct stat& status) {
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), " has mode %04o, owner %u, group %u", status.st_mode & 07777U,
                static_cast<unsigned>(status.st_uid), static_cast<unsigned>(status.st_gid));
  return path + text.data();
}

Expected<void> can_read(const std::string& path, const std::string& user) {
  const auto account = find_account(user);
  if (!account) return failure(Reason::io_error, "there is no user " + user);
  const auto refuse = [&](const std::string& place, const struct stat& status, const char* what) {
    return failure(Reason::io_error, describe_mode(place, status) + ", and " + user + what);
  };
  struct stat status {};
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string folder = slash == 0 ? "/" : path.substr(0, slash);
    if (stat(folder.c_str(), &status) != 0) {
      return failure(Reason::io_error, folder + ": " + std::generic_category().message(errno));
    }
    if (!permits(status, *account, 1)) return refuse(folder, status, " cannot pass it");
  }
  if (stat(path.c_str(), &status) != 0) {
    return failure(Reason::io_error, path + ": " + std::generic_category().message(errno));
  }
  if (!permits(status, *account, 4)) return refuse(path, status, " cannot read it");
  return {};
}

}  // namespace tecs
