// Decides what TLS is to be with a server, before there is a connection: by the administrator's level, and
// for dane by what DNS says (RFC 7672).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
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

  // plan() may have to wait for DNS: it is not for a thread that others wait for.
  [[nodiscard]] static bool asks_dns(const DestinationPolicy& policy) noexcept {
    return policy.tls == TlsLevel::dane;
  }

  // host: the name by which an administrator's upstream is known; empty where only the address is. Fails, so
  // that there must be no connection, with dns_timeout or dns_error when DNS does not say for certain
  // whether there are TLSA records (RFC 7672 section 2.1.1), and with bad_option when level verify or dane
  // has no name to go by.
  [[nodiscard]] Expected<TlsPlan> plan(const DestinationPolicy& policy, const Endpoint& server,
                                       const std::string& host);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Key = std::tuple<std::string, AddressFamily, std::uint16_t>;  // what the questions depend on
  struct Kept {
    Expected<TlsPlan> plan;
    TimePoint end;
  };

  [[nodiscard]] Expected<TlsPlan> dane_plan(const std::string& host, const Endpoint& server);
  void keep(const Key& key, const Kept& kept);

  TlsaSource& source_;
  const Clock& clock_;
  TlsPlannerLimits limits_;
  std::mutex mutex_;
  std::map<Key, Kept> answers_;
};

}  // namespace tecs
