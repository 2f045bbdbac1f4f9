#include "tools/socket_standing.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "tools/account.hpp"

namespace tecs {
namespace {

using Kind = SocketStanding::Kind;

SocketStanding not_seen(const std::string& path) {
  const int number = errno;
  const std::string explanation = path + ": " + std::generic_category().message(number);
  if (number == ENOENT || number == ENOTDIR) return {Kind::absent, explanation};
  return {Kind::unknown, explanation};
}

}  // namespace

SocketStanding socket_standing(const std::string& path, const std::string& user_name) {
  const auto user = find_account(user_name);
  if (!user) return {Kind::unknown, "there is no user " + user_name};
  struct stat status {};
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string folder = slash == 0 ? "/" : path.substr(0, slash);
    if (stat(folder.c_str(), &status) != 0) return not_seen(folder);
    if (!S_ISDIR(status.st_mode)) return {Kind::absent, folder + " is not a folder"};
    if (!permits(status, *user, 1))
      return {Kind::forbidden, describe_mode(folder, status) + ", and " + user_name + " cannot pass it"};
  }
  if (stat(path.c_str(), &status) != 0) return not_seen(path);
  if (!S_ISSOCK(status.st_mode)) return {Kind::not_a_socket, path + " is not a socket"};
  if (!permits(status, *user, 2))
    return {Kind::forbidden, describe_mode(path, status) + ", and " + user_name + " cannot write to it"};
  return {};
}

}  // namespace tecs
