// Whether a user can connect to a unix socket, told from the file system alone: nobody is connected to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tecs {

struct SocketStanding {
  enum class Kind : std::uint8_t { usable, absent, not_a_socket, forbidden, unknown };
  Kind kind = Kind::usable;
  std::string explanation;  // a clause for a person; empty when usable
};

// unknown: this program may not look at the path, or there is no such user. Whether somebody listens is not
// told. Needs the user database; any thread.
[[nodiscard]] SocketStanding socket_standing(const std::string& path, const std::string& user);

// The same, of a machine that is passed in.
using SocketView = std::function<SocketStanding(const std::string& file, const std::string& user)>;

}  // namespace tecs
