// What an MTA tells a milter besides the protocol's own words: macros, as Sendmail named them. All are text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "milter/policy/relay_guard.hpp"
#include "tecs/endpoint.hpp"

namespace tecs {

// The server's end of the connection. daemon_addr is the address of the connection with Postfix and the
// configured one with Sendmail, where if_addr is real but absent on loopback: so if_addr comes first. An
// address may bear the prefix "IPv6:" and may be written out in full. Empty when an address or the port is
// missing, unspecified or unreadable.
[[nodiscard]] std::optional<Endpoint> server_endpoint(std::string_view if_addr, std::string_view daemon_addr,
                                                      std::string_view daemon_port);

// The process of the MTA that serves the connection, from {tecs_pid}, which the administrator defines
// (Postfix: milter_macro_defaults = tecs_pid=$process_id). Empty when it is not a positive number.
[[nodiscard]] std::optional<std::uint32_t> process_id(std::string_view tecs_pid);

// From the macro v: Sendmail has a bare version, "8.17.1.9", and Postfix a name and a version, "Postfix
// 3.7.11", of which its administrator chooses the name. So what does not look like Sendmail, and what does
// not say, is taken for Postfix, which the relay guard is for.
[[nodiscard]] MtaSoftware mta_software(std::string_view v) noexcept;

// What the client declared as the size of the message with MAIL ... SIZE= (RFC 1870 section 3). Empty for
// every other parameter.
[[nodiscard]] std::optional<std::uint64_t> declared_size(std::string_view mail_parameter);

}  // namespace tecs
