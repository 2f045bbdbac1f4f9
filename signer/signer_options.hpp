// What an administrator can set of tecs-signer, on the command line or in its configuration file.
#pragma once

#include <spdlog/common.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "program/service_user.hpp"
#include "signer/destination_policy.hpp"
#include "signer/listen_address.hpp"
#include "signer/source_choice.hpp"
#include "signer/upstream_address.hpp"
#include "tecs/domain.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/nat_rule.hpp"

namespace tecs {

// Who signs where no identities file says anything else.
struct StandardIdentity {
  Domain domain;
  std::optional<Selector> selector;
  std::string key_path;
};

struct SignerOptions {
  std::vector<ListenAddress> listen;
  UpstreamAddress upstream;
  std::optional<StandardIdentity> standard;
  std::optional<std::string> identities_path;
  std::optional<std::string> destinations_path;
  DestinationPolicy destination;  // for those that no destinations file names
  std::string tls_ca_path;        // empty: those of the system
  std::string dnssec_probe;       // a name that DNSSEC vouches for
  NatRule nat;
  std::chrono::seconds challenge_skew;
  SourceChoice source;
  std::size_t maximum_sessions;
  std::chrono::milliseconds drain_time;
  std::optional<Endpoint> resolver;  // empty: those of the system
  std::optional<ServiceUser> user;   // whom to become when started as root
  std::optional<Endpoint> metrics_address;
  spdlog::level::level_enum log_level;
  bool check_only;  // look at the configuration and end
};

// What was asked for: to run with these options, or to print this text and end.
using SignerRequest = std::variant<SignerOptions, std::string>;

// The first of the options that differ and that a running signer cannot change; empty: there is none.
[[nodiscard]] std::string option_that_needs_restart(const SignerOptions& running,
                                                    const SignerOptions& wanted);

// arguments: without argv[0]. Fails with bad_option; the sentence names the option, or file, line and key.
[[nodiscard]] Expected<SignerRequest> read_signer_options(std::span<const char* const> arguments);

}  // namespace tecs
