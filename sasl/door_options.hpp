// What the SASL configuration of an MTA says about TECS-1 (Sendmail.conf, smtpd.conf: lines "option: value").
#pragma once

#include <chrono>
#include <string_view>

#include "tecs/adapters/socket_address.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Plain value.
struct DoorOptions {
  SocketAddress door;                    // tecs_socket: where tecs-milter's sasl-socket is
  std::chrono::milliseconds patience{};  // tecs_timeout: how long the door is waited for in one exchange

  static constexpr std::string_view default_timeout = "10";

  // tecs_socket: as DoorAddress::parse() takes it, and somewhere one can connect to.
  // tecs_timeout: 1 to 60 seconds, or empty for the default. Fails with bad_option; the sentence begins with
  // the option's name.
  [[nodiscard]] static Expected<DoorOptions> parse(std::string_view tecs_socket,
                                                   std::string_view tecs_timeout);
};

}  // namespace tecs
