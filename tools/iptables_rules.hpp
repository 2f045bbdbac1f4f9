// What iptables-save(8) prints, in the words of nft, which tells only half of such rules itself.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tecs {

// The chains and rules of the table nat, as in "nft -j list ruleset". family: "ip" or "ip6". An option that
// is not known becomes a condition that is not known ("xt").
[[nodiscard]] std::vector<nlohmann::json> parse_iptables(const std::string& family, const std::string& saved);

}  // namespace tecs
