// What an administrator can set of tecs-milter, on the command line or in its configuration file.
#pragma once

#include <spdlog/common.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "milter/authserv_id.hpp"
#include "milter/exchange_options.hpp"
#include "milter/policy/policy_options.hpp"
#include "program/service_user.hpp"
#include "tecs/adapters/door_address.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "verdicts/reputation_source_name.hpp"
#include "verdicts/store_name.hpp"

namespace tecs {

struct MilterOptions {
  DoorAddress milter_socket;
  DoorAddress sasl_socket;
  std::optional<Endpoint> resolver;  // empty: that of the system
  StoreName store;                   // an SQLite file
  std::optional<StoreName> forward;  // a database elsewhere that gets the verdicts too; empty: none
  AuthservId authserv_id;
  int epoch_tolerance;
  std::size_t key_cache_size;
  std::chrono::milliseconds dns_timeout;
  unsigned minimum_key_bits;
  spdlog::level::level_enum log_level;
  std::optional<ServiceUser> user;  // whom to become when started as root
  std::vector<ReputationSourceName> reputation;
  std::chrono::milliseconds reputation_timeout;
  bool require_dnssec;
  ExchangeOptions exchange;
  PolicyOptions policy;
  bool check_only;                          // look at the configuration and end
  std::optional<Endpoint> metrics_address;  // empty: no metrics
};

// What was asked for: to run with these options, or to print this text and end.
using MilterRequest = std::variant<MilterOptions, std::string>;

// The first of the options that differ and that a running receiver cannot change; empty: there is none.
[[nodiscard]] std::string option_that_needs_restart(const MilterOptions& running,
                                                    const MilterOptions& wanted);

// arguments: without argv[0]. host_name: this host's, the default of authserv-id. Fails with bad_option; the
// sentence names the option, or file, line and key.
[[nodiscard]] Expected<MilterRequest> read_milter_options(std::span<const char* const> arguments,
                                                          const std::string& host_name);

}  // namespace tecs
