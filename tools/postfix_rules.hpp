// The rules of `tecs check postfix`. Each family looks at one service that TECS is meant for; none does I/O
// but through what it is given.
#pragma once

#include <optional>
#include <string>

#include "tools/postfix_service_findings.hpp"
#include "tools/postfix_words.hpp"
#include "tools/socket_standing.hpp"

namespace tecs {

// How tecs-milter's own doors are told from those of others: by what the administrator says, else by "tecs"
// in the address.
struct TecsDoors {
  std::optional<std::string> sasl_socket;
  std::optional<std::string> milter_socket;

  [[nodiscard]] bool is_sasl_door(const SmtpdService& service) const;
  [[nodiscard]] bool is_milter_door(const PostfixMilter& milter) const;
};

// What the daemon reads its configuration from, unless it is told otherwise.
inline constexpr const char* milter_configuration_file = "/etc/tecs/milter.conf";

// Whether a client that has authenticated may send mail anywhere.
[[nodiscard]] bool login_permits_relaying(const SmtpdService& service);

void find_relay_faults(PostfixServiceFindings& findings);
// The transports by which mail leaves, as the relay guard sees them.
void find_route_faults(PostfixServiceFindings& findings);
// Whether and to whom AUTH TECS-1 is offered.
void find_sasl_faults(PostfixServiceFindings& findings);
// The milter, its place among others, and what others are told.
void find_milter_faults(const TecsDoors& doors, PostfixServiceFindings& findings);
// The files of both sockets as smtpd sees them.
void find_socket_faults(const TecsDoors& doors, const SocketView& sockets, PostfixServiceFindings& findings);

}  // namespace tecs
