// Bounds what strangers can make this host ask of DNS: each names a domain of their own choice, whose name
// servers may be theirs, and slow.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "tecs/clock.hpp"
#include "verdicts/client_network.hpp"

namespace tecs {

struct LookupLimits {
  unsigned per_minute = 300;  // of one client network; so many at once, and then as time goes by
  unsigned under_way = 200;   // of all; one network gets a quarter of them
};

// Thread safe; no call waits for more than other calls. The clock must outlive this, and this all its
// permits.
//
// What is remembered of a network is bounded: the one that has asked for nothing for longest is forgotten,
// and begins afresh. To be forgotten is never to anybody's harm, and who has 10,000 networks to drive others
// out with has 10,000 allowances anyway.
class LookupLimit {
 public:
  static constexpr std::size_t maximum_networks = 10'000;
  static constexpr unsigned shares = 4;

  // A look-up that may go on for as long as this lives.
  class Permit {
   public:
    Permit(LookupLimit& limit, const ClientNetwork& network) noexcept : limit_(&limit), network_(network) {}
    Permit(Permit&& other) noexcept
        : limit_(std::exchange(other.limit_, nullptr)), network_(other.network_) {}
    Permit& operator=(Permit&&) = delete;
    ~Permit() {
      if (limit_ != nullptr) limit_->end(network_);
    }

   private:
    LookupLimit* limit_;
    ClientNetwork network_;
  };

  explicit LookupLimit(const Clock& clock) noexcept : clock_(clock) {}
  LookupLimit(const LookupLimit&) = delete;
  LookupLimit& operator=(const LookupLimit&) = delete;

  // For one look-up that this network causes. Empty: it may not be made now.
  [[nodiscard]] std::optional<Permit> begin(const ClientNetwork& network, const LookupLimits& limits);

  [[nodiscard]] std::size_t under_way() const;
  [[nodiscard]] std::size_t networks() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Allowance {
    ClientNetwork network;
    double left;
    Time as_of;
  };

  [[nodiscard]] bool take_one(const ClientNetwork& network, unsigned per_minute);
  void end(const ClientNetwork& network) noexcept;

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::list<Allowance> allowances_;  // who asked last comes first
  std::map<ClientNetwork, std::list<Allowance>::iterator> by_network_;
  std::map<ClientNetwork, unsigned> under_way_;  // none has zero
  std::size_t total_ = 0;                        // of those
};

}  // namespace tecs
