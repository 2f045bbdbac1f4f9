// Decides what TLS is to be with a server, before there is a connection: by the administrator's level, and
// for dane by what DNS says (RFC 7672).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "signer/destination_policy.hpp"
#include "smtp/tls_plan.hpp"
#include "tecs/clock.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"
#include "tecs/tlsa_source.hpp"

namespace tecs {

struct TlsPlannerLimits {
  std::chrono::milliseconds time{10'000};  // for all questions of one plan together
  std::size_t answers = 1000;              // kept; the one that ends first makes room
  std::chrono::seconds shortest{5};        // that an answer is kept, and
  std::chrono::seconds longest = std::chrono::hours{1};
  std::chrono::seconds unknown{60};  // when no TTL was told
  std::chrono::seconds failed{3};
};

// Thread safe. The source and the clock must outlive it.
class TlsPlanner {
 public:
  TlsPlanner(TlsaSource& source, const Clock& clock, const TlsPlannerLimits& limits = {})
      : source_(source), clock_(clock), limits_(limits) {}

  // Whether what DNS says of signatures can be gone by: asks now. probe: a name that DNSSEC vouches for, as
  // "."; to be told before plan() is asked with level dane. Fails with bad_option when the resolver does not
  // validate, and all stays as it was before; and with dns_timeout or dns_error when it is away now, which
  // will do: plan() asks again as long as it has never been seen to validate.
  [[nodiscard]] Expected<void> check_resolver(const std::string& probe);

  // host: the name by which an administrator's upstream is known; empty where only the address is. Fails, so
  // that there must be no connection, with dns_timeout or dns_error when DNS does not say for certain
  // whether there are TLSA records (RFC 7672 section 2.1.1), or what its word is worth; and with bad_option
  // when the resolver does not validate, or when level verify or dane has no name to go by. May wait for DNS:
  // it is not for a thread that others wait for.
  [[nodiscard]] Expected<TlsPlan> plan(const DestinationPolicy& policy, const Endpoint& server,
                                       const std::string& host);

  // What plan() says now without asking anybody; empty when it would have to ask.
  [[nodiscard]] std::optional<Expected<TlsPlan>> known_plan(const DestinationPolicy& policy,
                                                            const Endpoint& server, const std::string& host);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Key = std::tuple<std::string, AddressFamily, std::uint16_t>;  // what the questions depend on
  struct Kept {
    Expected<TlsPlan> plan;
    TimePoint end;
  };

  struct Refusal {
    Error error;
    TimePoint end;
  };

  [[nodiscard]] static Key key_of(const std::string& host, const Endpoint& server);
  [[nodiscard]] Expected<void> see_validation(TimePoint end);
  [[nodiscard]] Expected<TlsPlan> dane_plan(const std::string& host, const Endpoint& server);
  void keep(const Key& key, const Kept& kept);

  TlsaSource& source_;
  const Clock& clock_;
  TlsPlannerLimits limits_;
  std::mutex mutex_;  // for all that follows
  std::string probe_{"."};
  bool validates_ = false;  // the resolver was seen to
  std::optional<Refusal> refusal_;
  std::map<Key, Kept> answers_;
};

}  // namespace tecs
