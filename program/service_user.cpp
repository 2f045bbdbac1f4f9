#include "program/service_user.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace tecs {
namespace {

tl::unexpected<Error> refused(const std::string& user, const char* what) {
  return failure(Reason::io_error,
                 "cannot become " + user + ": " + what + ": " + std::generic_category().message(errno));
}

}  // namespace

// getpwnam() and getgrnam() keep what they return for themselves: main() alone asks, before there are
// threads.
Expected<ServiceUser> ServiceUser::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  const passwd* const user = getpwnam(name.c_str());
  if (user == nullptr) return failure(Reason::bad_option, "there is no user '" + name + "'");
  gid_t group_number = user->pw_gid;
  if (colon != std::string_view::npos) {
    const std::string group_name(text.substr(colon + 1));
    const struct group* const found = getgrnam(group_name.c_str());
    if (found == nullptr) return failure(Reason::bad_option, "there is no group '" + group_name + "'");
    group_number = found->gr_gid;
  }
  if (user->pw_uid == 0) return failure(Reason::bad_option, "it must be a user other than root");
  return ServiceUser(std::string(text), user->pw_uid, group_number);
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
