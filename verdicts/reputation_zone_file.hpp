// The master file (RFC 1035 section 5) of a zone that tells reputation: what ReputationZone reads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/domain.hpp"
#include "tecs/error.hpp"
#include "verdicts/reputation.hpp"
#include "verdicts/reputation_source_name.hpp"

namespace tecs {

// Plain value.
struct ReputationZoneSettings {
  Domain zone;
  std::vector<std::string> name_servers;  // host names without a final dot, one at least, none in the zone
  std::string contact;                    // a domain name in which the first label is the mailbox (RFC 1035
                                          // section 3.3.13), as parse_contact() makes it
  std::chrono::seconds ttl{300};
  std::chrono::seconds negative_ttl{60};  // how long a resolver may remember that a name is not there
  // Which states have an A record besides the TXT record, and which. Empty: none.
  ReputationSourceName::AddressMap listed{};
};

// One domain to publish, as it stands in the store: not checked yet.
struct ReputationZoneEntry {
  std::string domain;
  Reputation reputation = Reputation::unknown;
};

struct ReputationZoneFile {
  std::string text;
  std::map<Reputation, std::size_t> published;  // how many of each state
  std::vector<std::string> too_long;            // left out: with the zone they are longer than a name can be
  std::vector<std::string> no_domains;          // left out: what a stranger wrote, fit for a terminal
};

// An address for mail about the zone, "hostmaster@example.net", or a name as it stands in a SOA record. Fails
// with bad_option.
[[nodiscard]] Expected<std::string> parse_contact(std::string_view text);

// Whether the name is the zone's own or below it.
[[nodiscard]] bool is_in_zone(std::string_view name, const Domain& zone) noexcept;

// The records stand in the order of the entries, so the same entries give the same text. No name comes into
// it but by Domain::parse(). RFC 5782 section 5: TEST is listed with what is worst, INVALID is not listed.
[[nodiscard]] ReputationZoneFile write_reputation_zone(const ReputationZoneSettings& settings,
                                                       std::uint32_t serial,
                                                       const std::vector<ReputationZoneEntry>& entries);

// The serial of a text that write_reputation_zone() made for this zone; it needs no more than the first
// zone_file_head octets. Fails with bad_zone_file for any other text.
inline constexpr std::size_t zone_file_head = 4096;
[[nodiscard]] Expected<std::uint32_t> read_zone_serial(std::string_view text, const Domain& zone);

// Whether a line of such a text is the one that tells a domain's word: each published domain has one. TEST is
// none.
[[nodiscard]] bool is_zone_entry(std::string_view line) noexcept;

}  // namespace tecs
