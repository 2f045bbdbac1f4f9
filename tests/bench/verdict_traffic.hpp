// The verdicts of made-up mail, for measurements: the same number always gives the same verdict, so that two
// stores can be given the same.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "verdicts/verdict.hpp"

namespace tecs::bench {

// Half of the connections are unsigned; of the others one in twenty-five fails. 5,000 domains sign, with RSA
// keys of 2,048 bits or with Ed25519, if no other number of them is set.
struct TrafficOptions {
  Verdict::Time start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  std::chrono::microseconds step{3000};  // from one connection to the next
  // A domain's share falls as one over its number; else all send the same.
  bool few_send_most = true;
  bool ed25519 = false;
  unsigned receivers = 1;  // they take turns at random
  unsigned domains = 5000;
};

// Ninety days in so many connections.
[[nodiscard]] TrafficOptions ninety_days(std::uint64_t connections);
// The same mail, so many connections in the last two hours of them.
[[nodiscard]] TrafficOptions last_two_hours(std::uint64_t connections);

// One thread at a time.
class Traffic {
 public:
  explicit Traffic(const TrafficOptions& options);

  // The first has number 0. Until the next call.
  [[nodiscard]] const Verdict& verdict(std::uint64_t number);
  void fill(std::span<Verdict> verdicts, std::uint64_t first);

 private:
  void sign(Verdict& verdict, std::uint64_t random) const;

  TrafficOptions options_;
  Verdict unsigned_;
  Verdict signed_;
};

}  // namespace tecs::bench
