#include "milter/policy/network_list.hpp"

#include <algorithm>

namespace tecs {

Expected<void> NetworkList::add(std::string_view network) {
  const auto parsed = Network::parse(network);
  if (!parsed) return tl::unexpected(parsed.error());
  networks_.insert(*parsed);
  lengths_.emplace(parsed->address().family(), parsed->bits());
  return {};
}

bool NetworkList::contains(const IpAddress& address) const {
  return std::any_of(lengths_.begin(), lengths_.end(), [&](const auto& length) {
    return length.first == address.family() && networks_.contains(Network::around(address, length.second));
  });
}

}  // namespace tecs
