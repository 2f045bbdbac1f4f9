// The last line of defence against an open relay: a TECS-1 success looks like a login to the MTA, and a login
// often permits relaying (DESIGN section 3). It is a safety line, not a policy, and so does not ask for the
// mode.
//
// A milter cannot see who relays by other rights, such as Postfix's permit_mynetworks: a client of the own
// network that signs and relays is refused like everybody, unless it is listed in exempt-networks. One that
// does not sign is none of the guard's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "milter/policy/domain_list.hpp"
#include "tecs/domain.hpp"

namespace tecs {

enum class MtaSoftware : std::uint8_t { postfix, sendmail };

// Whose clients are guarded. Postfix names for each recipient the transport that it takes; Sendmail names
// mailers that lead outside also for recipients of its own which virtusertable or mailertable turn to another
// host, and only TRUST_AUTH_MECH makes it relay for a login at all.
enum class RelayGuard : std::uint8_t { none, postfix, all };

[[nodiscard]] constexpr bool guards(RelayGuard guard, MtaSoftware software) noexcept {
  return guard == RelayGuard::all || (guard == RelayGuard::postfix && software == MtaSoftware::postfix);
}

// auth_type: the macro {auth_type}, the mechanism of the login that holds at the time.
[[nodiscard]] bool is_tecs_login(std::string_view auth_type) noexcept;

// True when a recipient with this {rcpt_mailer} is delivered to another host that it belongs to: every name
// with "smtp" or "uucp" in it, such as smtp, esmtp, smtp8, outgoing-smtp. Not so lmtp, local, virtual, error
// and what administrators name themselves. `relay` is where Postfix delivers what it is an MX for, so it
// counts as inside there; with Sendmail it is also the way to the smart host and so leads outside.
[[nodiscard]] bool leads_outside(std::string_view rcpt_mailer, MtaSoftware software);

// The domain of {rcpt_addr}, as the MTA has understood the recipient. Empty when it is not a domain, such as
// an address literal.
[[nodiscard]] std::optional<Domain> recipient_domain(std::string_view rcpt_addr);

// True when the recipient is to be refused to a client whose only login is TECS-1.
[[nodiscard]] bool refuses_to_relay(std::string_view rcpt_mailer, std::string_view rcpt_addr,
                                    MtaSoftware software, const DomainList& relay_domains);

}  // namespace tecs
