// What a feedback report says of a connection, read and checked against itself; nothing of it is believed
// yet.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/domain.hpp"
#include "tecs/ip_address.hpp"
#include "verdicts/arf_message.hpp"
#include "verdicts/tecs_credential_field.hpp"

namespace tecs {

// TECS-Verdict: <id of the verdict>; receiver=<name>
struct VerdictReference {
  std::string id;        // UUID, in lower case
  std::string receiver;  // empty: not said
};

// Plain value.
struct ComplaintClaim {
  std::string feedback_type;
  std::string reporter;
  std::string message;  // as in ArfMessage
  std::optional<TecsCredentialField> credential;
  std::optional<VerdictReference> verdict;
  std::vector<Domain> reported_domains;
  std::optional<IpAddress> source_address;
  std::optional<std::uint16_t> source_port;
  std::optional<std::chrono::sys_seconds> arrival_date;

  // Whether what it says besides its evidence can be meant of this connection.
  [[nodiscard]] bool fits_domain(const Domain& domain) const;
  [[nodiscard]] bool fits_source(const Endpoint& source) const;
};

// Fails as malformed (bad-field, contradiction), or as unverified, not-a-complaint. What is to come cannot be
// complained of: now is the time of this host.
[[nodiscard]] Claimed<ComplaintClaim> read_claim(const ArfMessage& message, std::chrono::sys_seconds now);

}  // namespace tecs
