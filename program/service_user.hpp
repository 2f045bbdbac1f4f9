// Whom a daemon that was started as root becomes once its sockets are open.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// Immutable value.
class ServiceUser {
 public:
  // "tecs" or "tecs:postfix": a user by name, with their own group or this one. Fails with bad_option when
  // there is no such user or group, or it is root.
  [[nodiscard]] static Expected<ServiceUser> parse(std::string_view text);

  // For main(), before there are threads: user, group and nothing else, for good. Does nothing when the
  // program runs as this user already. Fails with io_error when the kernel refuses, as it does to everybody
  // but root; the program is then not to go on.
  [[nodiscard]] Expected<void> become() const;

  // Gives the file to this user, for a socket that was made before become(). Fails with io_error.
  [[nodiscard]] Expected<void> own(const std::string& path) const;

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] uid_t user() const noexcept { return user_; }
  [[nodiscard]] gid_t group() const noexcept { return group_; }

  friend bool operator==(const ServiceUser&, const ServiceUser&) = default;

 private:
  ServiceUser(std::string text, uid_t user, gid_t group) noexcept
      : text_(std::move(text)), user_(user), group_(group) {}

  std::string text_;
  uid_t user_;
  gid_t group_;
};

}  // namespace tecs
