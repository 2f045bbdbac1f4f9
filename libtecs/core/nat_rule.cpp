#include "tecs/nat_rule.hpp"

#include <algorithm>

namespace tecs {
namespace {

constexpr std::string_view separators = ", \t";

}  // namespace

Expected<NatRule> NatRule::parse(std::string_view text) {
  NatRule rule;
  if (text == "never") return rule;
  if (text == "always") {
    rule.always_ = true;
    return rule;
  }
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.empty()) break;
    const std::string_view word = text.substr(0, text.find_first_of(separators));
    text.remove_prefix(word.size());
    const auto network = Network::parse(word);
    if (!network) {
      return failure(Reason::bad_option, "neither never, always nor networks: " + network.error().sentence);
    }
    rule.networks_.push_back(*network);
  }
  if (rule.networks_.empty()) return failure(Reason::bad_option, "neither never, always nor networks");
  return rule;
}

bool NatRule::asks_for_challenge(const IpAddress& own_source) const noexcept {
  return always_ || std::ranges::any_of(networks_, [&own_source](const Network& network) {
           return network.contains(own_source);
         });
}

}  // namespace tecs
