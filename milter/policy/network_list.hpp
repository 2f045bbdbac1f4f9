// Networks, to be asked whether an address is in one of them.
#pragma once

#include <set>
#include <string_view>
#include <utility>

#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"
#include "tecs/network.hpp"

namespace tecs {

// Const member functions are thread safe. A look-up costs one search for each length of prefix in the list,
// however many networks there are.
class NetworkList {
 public:
  // What Network::parse() takes. Fails with bad_option.
  [[nodiscard]] Expected<void> add(std::string_view network);

  [[nodiscard]] bool contains(const IpAddress& address) const;
  [[nodiscard]] std::size_t size() const noexcept { return networks_.size(); }

 private:
  std::set<Network> networks_;
  std::set<std::pair<AddressFamily, unsigned>> lengths_;  // that occur
};

}  // namespace tecs
