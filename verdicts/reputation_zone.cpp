#include "verdicts/reputation_zone.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace tecs {
namespace {

constexpr std::size_t maximum_name = 253;  // RFC 1035 section 2.3.4, without the final dot and the root

// bad is worse than medium, and that worse than good; the enumerators stand in that order.
void take_worst(std::optional<Reputation>& worst, Reputation reputation) {
  worst = worst ? std::max(*worst, reputation) : reputation;
}

Expected<std::optional<Reputation>> read_texts(const std::vector<std::string>& texts) {
  std::optional<Reputation> found;
  for (const std::string& text : texts) {
    const auto reputation = parse_reputation(text);
    if (!reputation)
      return failure(Reason::dns_error, "the TXT record is none of good, medium, bad and unknown");
    if (found && found != reputation)
      return failure(Reason::dns_error, "two TXT records contradict each other");
    found = reputation;
  }
  return found;
}

Expected<void> refuse_errors(const std::vector<IpAddress>& addresses) {
  for (const IpAddress& address : addresses) {
    if (is_list_error(address))
      return failure(Reason::dns_error, "the list answers " + address.format() + ", which is no listing");
  }
  return {};
}

}  // namespace

Expected<ReputationFinding> ReputationZone::lookup(const std::string& domain,
                                                   std::chrono::milliseconds time_left) {
  if (lists_everything_)
    return failure(Reason::dns_error, "the list had INVALID, so what it lists means nothing");
  const std::string name = domain + "." + zone_.zone.text();
  if (name.size() > maximum_name) return ReputationFinding{std::nullopt, std::chrono::seconds::max()};
  return zone_.addresses.empty() ? ask_text(name, time_left) : ask_address(name, time_left);
}

Expected<ReputationFinding> ReputationZone::ask_text(const std::string& name,
                                                     std::chrono::milliseconds time_left) {
  return dns_.texts(name, time_left).and_then([](const TxtAnswer& answer) {
    return read_texts(answer.texts).map([&](std::optional<Reputation> reputation) {
      return ReputationFinding{reputation, answer.ttl};
    });
  });
}

Expected<ReputationFinding> ReputationZone::ask_address(const std::string& name,
                                                        std::chrono::milliseconds time_left) {
  const auto answer = dns_.ipv4_addresses(name, time_left);
  if (!answer) return tl::unexpected(answer.error());
  if (const auto good = refuse_errors(answer->addresses); !good) return tl::unexpected(good.error());
  ReputationFinding found{std::nullopt, answer->ttl};
  for (const auto& [address, reputation] : zone_.addresses) {
    if (std::find(answer->addresses.begin(), answer->addresses.end(), address) != answer->addresses.end())
      take_worst(found.reputation, reputation);
  }
  return found;
}

Expected<bool> ReputationZone::lists(const std::string& domain, std::chrono::milliseconds time_left) {
  const std::string name = domain + "." + zone_.zone.text();
  if (zone_.addresses.empty()) {
    return ask_text(name, time_left).map([](const ReputationFinding& found) {
      return found.reputation.has_value();
    });
  }
  return dns_.ipv4_addresses(name, time_left).and_then([](const AddressAnswer& answer) {
    return refuse_errors(answer.addresses).map([&] { return !answer.addresses.empty(); });
  });
}

Expected<void> ReputationZone::check(std::chrono::milliseconds time_left) {
  const auto invalid = lists("invalid", time_left / 2);
  if (!invalid) return tl::unexpected(invalid.error());
  lists_everything_ = *invalid;
  if (*invalid) {
    return failure(Reason::dns_error,
                   "it lists INVALID, as a list does that lists everything; it is not asked any more");
  }
  const auto test = lists("test", time_left / 2);
  if (!test) return tl::unexpected(test.error());
  if (*test) return {};
  return failure(Reason::dns_error,
                 "it does not list TEST, as every list should (RFC 5782 section 5); is it still in service?");
}

}  // namespace tecs
