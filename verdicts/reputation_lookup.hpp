// What a domain is worth, asked of any number of sources.
#pragma once

#include <spdlog/logger.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tecs/adapters/repeat_limit.hpp"
#include "tecs/clock.hpp"
#include "tecs/dns_source.hpp"
#include "tecs/domain.hpp"
#include "verdicts/organizational_domain.hpp"
#include "verdicts/reputation_cache.hpp"
#include "verdicts/reputation_source.hpp"
#include "verdicts/reputation_source_name.hpp"

namespace tecs {

// Asks the sources in order, each for the domain and then for its organizational domain. The first that knows
// one of them answers for all. A source that cannot be asked counts as one that does not know, and is named
// in the log once a minute at most.
//
// Thread safe: any number of threads may ask at once. Asking is const, so that this can be one of the
// settings that are replaced while they are used; what is remembered and counted goes with it.
class ReputationLookup {
 public:
  // The references must outlive this.
  struct Parts {
    const Clock& clock;
    const PublicSuffixList& suffixes;
    std::shared_ptr<spdlog::logger> log;
  };
  struct Source {
    std::string name;  // for answers, log and statistics
    std::unique_ptr<ReputationSource> source;
  };
  struct SourceStatistics {
    std::string name;
    std::array<std::size_t, 4> answers{};  // by Reputation
    std::size_t failures = 0;
    ReputationCache::Statistics cache{};  // of a source that may wait
  };

  // timeout: for a domain, all sources together. The sources that may wait share it evenly, and have a cache
  // each.
  ReputationLookup(Parts parts, std::vector<Source> sources, std::chrono::milliseconds timeout,
                   const ReputationCacheOptions& cache = {});
  ReputationLookup(const ReputationLookup&) = delete;
  ReputationLookup& operator=(const ReputationLookup&) = delete;
  ~ReputationLookup();

  // Takes no longer than the timeout, and what sources that need not wait take.
  [[nodiscard]] ReputationAnswer lookup(const Domain& domain) const;

  // Has each source looked at (ReputationSource::check), and warns in the log of what is wrong with one.
  // Takes twice the timeout for each source at most. For a thread that nobody waits for.
  // False: something is wrong with one, or it could not be asked.
  [[nodiscard]] bool check() const;

  // In the order of the sources.
  [[nodiscard]] std::vector<SourceStatistics> statistics() const;

 private:
  struct Entry;
  [[nodiscard]] ReputationAnswer ask(Entry& entry, const std::vector<std::string>& names,
                                     std::chrono::milliseconds time_left) const;

  Parts parts_;
  std::chrono::milliseconds timeout_;
  std::vector<std::unique_ptr<Entry>> entries_;
  mutable std::mutex mutex_;  // guards the counters of the entries
};

struct ReputationLookupOptions {
  std::vector<ReputationSourceName> sources;
  std::string store;  // for the source "store": where the verdicts are, "sqlite:FILE"
  std::chrono::milliseconds timeout{2'000};
  ReputationCacheOptions cache{};
};

// Reads the files that are named; asks nobody. dns is for the zones, and must outlive the result. Fails with
// bad_option: the sentence names the file, and the line if one is wrong.
[[nodiscard]] Expected<std::unique_ptr<ReputationLookup>> make_reputation_lookup(
    const ReputationLookup::Parts& parts, const ReputationLookupOptions& options, DnsSource& dns);

}  // namespace tecs
