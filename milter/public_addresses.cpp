#include "milter/public_addresses.hpp"

#include <algorithm>
#include <utility>

namespace tecs {
namespace {

tl::unexpected<Error> bad(std::string sentence) {
  return failure(Reason::bad_option, std::move(sentence));
}

// An IPv6 address alone holds colons too, so the address is tried first.
Expected<PublicAddress::End> parse_end(std::string_view text) {
  if (const auto address = IpAddress::parse(text)) {
    if (address->unspecified()) return bad("0.0.0.0 and :: are the address of nobody");
    return PublicAddress::End{*address, std::nullopt};
  }
  const auto endpoint = Endpoint::parse(text);
  if (!endpoint) return bad("each side must be ADDRESS or ADDRESS:PORT, IPv6 with a port as [ADDRESS]:PORT");
  return PublicAddress::End{endpoint->address(), endpoint->port()};
}

// True when a pair for this end, or for every port of it, says something of what is asked.
bool comprises(const PublicAddress::End& end, const PublicAddress::End& asked) {
  return end.address == asked.address && (!end.port || end.port == asked.port);
}

}  // namespace

Expected<PublicAddress> PublicAddress::parse(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return bad("must be PRIVATE=PUBLIC, as in 10.0.0.5:25=192.0.2.25:25");
  const auto own = parse_end(text.substr(0, equals));
  if (!own) return tl::unexpected(own.error());
  const auto world = parse_end(text.substr(equals + 1));
  if (!world) return tl::unexpected(world.error());
  if (own->port.has_value() != world->port.has_value()) {
    return bad("must have a port on both sides or on neither");
  }
  if (own->address.family() != world->address.family()) {
    return bad("must be IPv4 on both sides or IPv6 on both");
  }
  if (*own == *world) return bad("both sides are the same");
  return PublicAddress{*own, *world};
}

Expected<PublicAddresses> PublicAddresses::make(std::vector<PublicAddress> pairs) {
  if (pairs.size() > maximum_pairs) {
    return bad("there are more than " + std::to_string(maximum_pairs) + " pairs");
  }
  for (auto pair = pairs.begin(); pair != pairs.end(); ++pair) {
    if (std::find(pairs.begin(), pair, *pair) != pair) return bad("a pair stands twice");
    const auto alike = std::count_if(pairs.begin(), pairs.end(), [&](const PublicAddress& other) {
      return comprises(other.own, pair->own);
    });
    if (static_cast<std::size_t>(alike) > maximum_for_one) {
      return bad("one end point has more than " + std::to_string(maximum_for_one) + " public addresses");
    }
  }
  PublicAddresses made;
  made.pairs_ = std::move(pairs);
  return made;
}

std::vector<Endpoint> PublicAddresses::of(const Endpoint& own) const {
  std::vector<Endpoint> found;
  const PublicAddress::End asked{own.address(), own.port()};
  for (const PublicAddress& pair : pairs_) {
    if (!comprises(pair.own, asked)) continue;
    const auto world = Endpoint::make(pair.world.address, pair.world.port.value_or(own.port()));
    if (world && std::find(found.begin(), found.end(), *world) == found.end()) found.push_back(*world);
  }
  return found;
}

}  // namespace tecs
