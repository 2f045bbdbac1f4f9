// Where the firewall of a host sends a connection to port 25: the chains of type nat, walked with a packet
// that is made up.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "tools/nat_match.hpp"

namespace tecs {

// Plain value.
struct NatOutcome {
  enum class Kind {
    untouched,   // it goes where it was going
    redirected,  // to a port of this host
    unsure,      // a condition that is not understood decides
  };
  Kind kind = Kind::untouched;
  // With redirected, and with unsure where one may apply: the port; 0 if that is not to be seen. No address:
  // loopback for what this host sends, else the address of the interface that the packet came in by.
  std::optional<IpAddress> address;
  std::uint16_t port = 0;
  // The rule that decided, or that is not understood: "inet tecs output: {...}".
  std::string rule;
};

// Immutable; one thread.
class NatRules {
 public:
  // json: what "nft -j list ruleset" prints. Fails with bad_option when it is not that.
  [[nodiscard]] static Expected<NatRules> parse(const std::string& json);

  // Some rules were made by iptables, and nft does not tell all of them ("xt").
  [[nodiscard]] bool has_iptables_rules() const noexcept { return has_iptables_rules_; }
  // There is a table of the name that iptables uses, whoever made it.
  [[nodiscard]] bool has_table_nat(AddressFamily family) const;
  // Takes the place of the rules of that family's table nat: what iptables-save or ip6tables-save prints.
  void use_iptables(AddressFamily family, const std::string& saved);

  [[nodiscard]] NatOutcome path(const MailPacket& packet) const;

 private:
  struct Chain {
    std::string family;
    std::string table;  // "family name", as the named sets have it
    std::string name;
    std::string hook;  // empty: only jumped to
    long priority = 0;
    std::vector<nlohmann::json> rules;  // the "expr" of each
  };
  struct Walk;

  [[nodiscard]] Chain& chain(const std::string& family, const std::string& table, const std::string& name);
  void add(const nlohmann::json& object);

  std::vector<Chain> chains_;
  NamedSets sets_;
  bool has_iptables_rules_ = false;
};

}  // namespace tecs
