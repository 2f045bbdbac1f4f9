#include "program/service_user.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace tecs {
namespace {

tl::unexpected<Error> refused(const std::string& user, const char* what) {
  return failure(Reason::io_error,
                 "cannot become " + user + ": " + what + ": " + std::generic_category().message(errno));
}

// Room for what stands of one user or group in the system's lists; a group can have many members.
using Lines = std::array<char, 65'536>;

Expected<std::pair<uid_t, gid_t>> find_user(const std::string& name) {
  const auto lines = std::make_unique<Lines>();
  passwd entry{};
  passwd* found = nullptr;
  if (getpwnam_r(name.c_str(), &entry, lines->data(), lines->size(), &found) != 0 || found == nullptr) {
    return failure(Reason::bad_option, "there is no user '" + name + "'");
  }
  return std::pair(entry.pw_uid, entry.pw_gid);
}

Expected<gid_t> find_group(const std::string& name) {
  const auto lines = std::make_unique<Lines>();
  struct group entry {};
  struct group* found = nullptr;
  if (getgrnam_r(name.c_str(), &entry, lines->data(), lines->size(), &found) != 0 || found == nullptr) {
    return failure(Reason::bad_option, "there is no group '" + name + "'");
  }
  return entry.gr_gid;
}

}  // namespace

Expected<ServiceUser> ServiceUser::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  const auto user = find_user(name);
  if (!user) return tl::unexpected(user.error());
  if (user->first == 0) return failure(Reason::bad_option, "it must be a user other than root");
  if (colon == std::string_view::npos) return ServiceUser(std::string(text), user->first, user->second);
  return find_group(std::string(text.substr(colon + 1))).map([&](gid_t group) {
    return ServiceUser(std::string(text), user->first, group);
  });
}

// The groups first, since afterwards the right to change them is gone (setuid(2)).
Expected<void> ServiceUser::become() const {
  if (getuid() == user_ && geteuid() == user_) return {};
  if (setgroups(0, nullptr) != 0) return refused(text_, "setgroups");
  if (setresgid(group_, group_, group_) != 0) return refused(text_, "setresgid");
  if (setresuid(user_, user_, user_) != 0) return refused(text_, "setresuid");
  return {};
}

// Not through a symbolic link, which somebody else could have put there.
Expected<void> ServiceUser::own(const std::string& path) const {
  if (lchown(path.c_str(), user_, group_) == 0) return {};
  return failure(Reason::io_error,
                 "cannot give " + path + " to " + text_ + ": " + std::generic_category().message(errno));
}

}  // namespace tecs
