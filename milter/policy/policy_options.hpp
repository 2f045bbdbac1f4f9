// What an administrator can set of the policy, and how that becomes the rules that connections are received
// by.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "milter/policy/reception_rules.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Plain value.
struct PolicyOptions {
  PolicyMode mode;
  Policy policy;
  std::optional<std::string> exempt_networks;  // these three are paths
  std::optional<std::string> exempt_domains;
  std::optional<std::string> relay_domains;
  RelayGuard relay_guard;
  std::string greylist_file;  // read at the start only: the rules do not have it
  GreylistLimits greylist;
  unsigned greylist_ipv4_bits;
  unsigned greylist_ipv6_bits;
  std::chrono::milliseconds delay_time;
  std::size_t delay_limit;
};

void add_policy_options(boost::program_options::options_description& table);

// values: of a table with the options above. Fails with bad_option for thresholds that contradict each other.
[[nodiscard]] Expected<PolicyOptions> read_policy_options(
    const boost::program_options::variables_map& values);

// Reads the list files. Fails with bad_option; the sentence names file and line.
[[nodiscard]] Expected<std::shared_ptr<const ReceptionRules>> load_reception_rules(
    const PolicyOptions& options);

}  // namespace tecs
