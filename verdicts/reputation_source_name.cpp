#include "verdicts/reputation_source_name.hpp"

#include <algorithm>
#include <optional>

namespace tecs {
namespace {

using AddressMap = ReputationSourceName::AddressMap;

// The part behind the prefix, if the text begins with it.
std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

Expected<std::pair<IpAddress, Reputation>> parse_pair(std::string_view text) {
  const std::size_t equals = text.find('=');
  const auto address = IpAddress::parse(text.substr(0, equals));
  const auto reputation =
      equals == std::string_view::npos ? std::nullopt : parse_reputation(text.substr(equals + 1));
  if (!address || !reputation) {
    return failure(Reason::bad_option,
                   "behind the ? stand an address and good, medium, bad or unknown: 127.0.0.2=bad");
  }
  // RFC 5782 section 2.1: 127.0.0.1 should not be used; it is what a parked domain may answer with.
  if (is_list_error(*address) || address->format() == "127.0.0.1") {
    return failure(Reason::bad_option, address->format() +
                                           " cannot mean a reputation: lists use 127.0.0.0/8 for it, without "
                                           "127.0.0.1 and 127.255.255.0/24");
  }
  return std::pair(*address, *reputation);
}

Expected<AddressMap> parse_addresses(std::string_view text) {
  AddressMap addresses;
  while (true) {
    const std::size_t comma = text.find(',');
    const auto pair = parse_pair(text.substr(0, comma));
    if (!pair) return tl::unexpected(pair.error());
    if (std::any_of(addresses.begin(), addresses.end(),
                    [&](const auto& other) { return other.first == pair->first; })) {
      return failure(Reason::bad_option, pair->first.format() + " stands twice");
    }
    if (addresses.size() == ReputationSourceName::maximum_addresses)
      return failure(Reason::bad_option, "too many addresses behind the ?");
    addresses.push_back(*pair);
    if (comma == std::string_view::npos) return addresses;
    text.remove_prefix(comma + 1);
  }
}

Expected<ReputationSourceName::Zone> parse_zone(std::string_view text) {
  const std::size_t mark = text.find('?');
  const auto zone = Domain::parse(text.substr(0, mark));
  if (!zone) {
    return failure(Reason::bad_option, "behind dns: stands the zone of the list, such as rep.example.net");
  }
  if (mark == std::string_view::npos) return ReputationSourceName::Zone{*zone, {}};
  return parse_addresses(text.substr(mark + 1)).map([&](AddressMap addresses) {
    return ReputationSourceName::Zone{*zone, std::move(addresses)};
  });
}

}  // namespace

Expected<ReputationSourceName> ReputationSourceName::parse(std::string_view text) {
  if (text == "store") return ReputationSourceName("store", Store{});
  if (const auto path = after(text, "file:"); path && !path->empty())
    return ReputationSourceName(std::string(text), File{std::string(*path)});
  if (const auto rest = after(text, "dns:")) {
    return parse_zone(*rest).map([](Zone zone) {
      std::string name = "dns:" + zone.zone.text();
      return ReputationSourceName(std::move(name), std::move(zone));
    });
  }
  return failure(Reason::bad_option,
                 "one of file:PATH, dns:ZONE, dns:ZONE?127.0.0.2=bad,127.0.0.3=medium and store");
}

bool is_list_error(const IpAddress& address) noexcept {
  const OctetView octets = address.octets();
  if (address.family() != AddressFamily::ipv4 || octets[0] != 127) return true;
  return octets[1] == 255 && octets[2] == 255;
}

}  // namespace tecs
