// A user of this machine, and what the modes of files let them do.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "tecs/error.hpp"

namespace tecs {

// Plain value.
struct Account {
  uid_t user;
  std::vector<gid_t> groups;  // their own first
};

// Needs the user database; any thread. Empty: there is no such user.
[[nodiscard]] std::optional<Account> find_account(const std::string& name);

// permission: 1 to search a folder, 2 to write, 4 to read. path_resolution(7): the first class that fits
// decides.
[[nodiscard]] bool permits(const struct stat& status, const Account& account, unsigned permission);

// "/etc/tecs has mode 0700, owner 0, group 0"
[[nodiscard]] std::string describe_mode(const std::string& path, const struct stat& status);

// Whether the user can read the file at an absolute path. Fails with io_error and a clause that says why not,
// or why that cannot be told.
[[nodiscard]] Expected<void> can_read(const std::string& path, const std::string& user);

}  // namespace tecs
