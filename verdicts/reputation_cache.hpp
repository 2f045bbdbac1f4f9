// Remembers what another source says of a name.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "tecs/clock.hpp"
#include "verdicts/reputation_source.hpp"

namespace tecs {

struct ReputationCacheOptions {
  std::size_t maximum_entries = 10'000;    // some 300 octets each; beyond, the least recently used goes
  std::chrono::seconds minimum_ttl{60};    // floor for what was said
  std::chrono::seconds maximum_ttl{3600};  // ceiling for what was said
  std::chrono::seconds failure_ttl{10};    // for what could not be asked
  // A source that failed so many times in a row is left in peace for failure_ttl, whatever the name, so that
  // not every new name waits for a source that is dead.
  unsigned failures_before_rest = 5;
};

// Thread safe. Only one question for a name is under way at a time: others who ask for it wait for that
// answer, for the time that they have left, and those who ask for other names do not wait. What has expired
// is never served. When no time is left only what is remembered is said.
class ReputationCache final : public ReputationSource {
 public:
  struct Statistics {
    std::size_t hits = 0;
    std::size_t misses = 0;  // asked of the source
    std::size_t shared = 0;  // waited for somebody else's question
    std::size_t entries = 0;
  };

  // The clock must outlive this.
  ReputationCache(std::unique_ptr<ReputationSource> source, const Clock& clock,
                  const ReputationCacheOptions& options);
  ~ReputationCache() override;

  [[nodiscard]] Expected<ReputationFinding> lookup(const std::string& domain,
                                                   std::chrono::milliseconds time_left) override;
  [[nodiscard]] bool may_wait() const noexcept override;
  [[nodiscard]] Expected<void> check(std::chrono::milliseconds time_left) override;
  [[nodiscard]] Statistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tecs
