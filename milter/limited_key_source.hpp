// The keys that one verification asks for: how long it waited for them, and that it stays within the limits
// on look-ups.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "milter/lookup_limit.hpp"
#include "tecs/clock.hpp"
#include "tecs/key_source.hpp"

namespace tecs {

// For one verification and one thread. What is passed in by reference must outlive this.
class LimitedKeySource final : public KeySource {
 public:
  // True: the source would ask the network for this name now.
  using WouldAsk = std::function<bool(const std::string& name)>;

  // would_ask: empty when the source always does.
  LimitedKeySource(KeySource& source, const WouldAsk& would_ask, LookupLimit& limit,
                   const ClientNetwork& network, const LookupLimits& limits, const Clock& clock) noexcept
      : source_(source),
        would_ask_(would_ask),
        limit_(limit),
        network_(network),
        limits_(limits),
        clock_(clock) {}

  // What is known already costs nothing. Fails with too_many_lookups, or as the source does.
  [[nodiscard]] KeyLookup lookup(const std::string& name) override;

  [[nodiscard]] std::chrono::steady_clock::duration time() const noexcept { return time_; }

 private:
  KeySource& source_;
  const WouldAsk& would_ask_;
  LookupLimit& limit_;
  ClientNetwork network_;
  LookupLimits limits_;
  const Clock& clock_;
  std::chrono::steady_clock::duration time_{0};
};

}  // namespace tecs
