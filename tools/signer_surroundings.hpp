// All around tecs-signer that `tecs check signer` looks at, gathered once, and the rules that look at it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tecs/clock.hpp"
#include "tecs/key_source.hpp"
#include "tools/finding.hpp"
#include "tools/kept_rules.hpp"
#include "tools/nat_rules.hpp"
#include "tools/postfix_configuration.hpp"
#include "tools/signer_configuration.hpp"

namespace tecs {

enum class Mta { none, postfix, sendmail, exim };

// Plain value.
struct SignerSurroundings {
  struct OpenPort {
    IpAddress address;  // may be unspecified
    std::uint16_t port;
    std::uint64_t inode = 0;                 // of the socket; 0: not known
    std::vector<std::string> programs = {};  // whose it is; only of ports that the signer listens on
  };

  SignerConfiguration configuration;
  std::string user;                // as whom the signer runs
  std::optional<Account> account;  // theirs; none: there is no such user
  std::optional<NatRules> rules;   // none: they cannot be seen, and that was said
  KeptRules kept_rules;
  std::vector<IpAddress> own_addresses;
  std::optional<std::vector<OpenPort>> open_ports;  // that somebody listens on now; none: not known

  Mta mta = Mta::none;
  std::optional<std::uint64_t> mta_user;  // who connects to port 25
  bool mta_uses_ipv6 = true;
  std::optional<PostfixConfiguration> postfix{};  // its smtp(8) clients
  std::optional<std::string> sendmail_cf{};
  std::string sendmail_access{};  // the text of its access map
  std::string exim_transports{};  // what "exim -bP transports" prints
  std::string exim_routers{};     // and "exim -bP routers"
};

// Whether outgoing port 25 comes to the signer, and its own does not.
void find_redirect_faults(const SignerSurroundings& around, std::vector<Finding>& found);
// Whether the signer can be reached where it listens, and by nobody else.
void find_listener_faults(const SignerSurroundings& around, std::vector<Finding>& found);
// Whether its user can read the keys, and whether they are those in DNS.
void find_key_faults(const SignerSurroundings& around, const Machine& machine, TxtSource& dns,
                     const Clock& clock, std::vector<Finding>& found);
// Whether the MTA hands its mail to the signer, or to the port that is redirected to it.
void find_route_faults(const SignerSurroundings& around, std::vector<Finding>& found);
// Whether the MTA demands TLS, which the signer hides from it.
void find_mta_faults(const SignerSurroundings& around, std::vector<Finding>& found);

// The first packet of the MTA to a server in the world.
[[nodiscard]] MailPacket packet_of_mta(const SignerSurroundings& around, AddressFamily family);

}  // namespace tecs
