#include "verdicts/reputation_cache.hpp"

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace tecs {
namespace {

using Time = std::chrono::steady_clock::time_point;
using Answer = Expected<ReputationFinding>;

struct Entry {
  std::string name;
  Answer answer;
  Time expiry;
};

// A question that is under way, shared by whoever asks meanwhile. Guarded by the cache's mutex.
struct Flight {
  std::optional<Answer> outcome;
  std::condition_variable landed;
};

}  // namespace

struct ReputationCache::State {
  State(std::unique_ptr<ReputationSource> given_source, const Clock& given_clock,
        const ReputationCacheOptions& given_options)
      : source(std::move(given_source)), clock(given_clock), options(given_options) {}

  [[nodiscard]] std::optional<Answer> find(const std::string& name);
  [[nodiscard]] std::optional<Answer> rest() const;
  [[nodiscard]] std::chrono::seconds lifetime(const Answer& answer) const;
  void remember(const std::string& name, const Answer& answer);
  Answer fly(const std::string& name, Flight& flight, std::chrono::milliseconds time_left);
  void land(const std::string& name, Flight& flight, const Answer& answer);

  const std::unique_ptr<ReputationSource> source;
  const Clock& clock;
  const ReputationCacheOptions options;

  // All below is guarded by the mutex, which nobody holds while the source is asked.
  mutable std::mutex mutex;
  std::list<Entry> entries;  // the most recently used first
  // A tree, since strangers choose the names. The key looks into the entry.
  std::map<std::string_view, std::list<Entry>::iterator> by_name;
  std::map<std::string, std::shared_ptr<Flight>> flights;
  unsigned failures_in_a_row = 0;
  std::optional<Error> last_failure;
  Time rest_until{};
  Statistics statistics;
};

// The lock is held.
std::optional<Answer> ReputationCache::State::find(const std::string& name) {
  const auto found = by_name.find(name);
  if (found == by_name.end()) return std::nullopt;
  const auto entry = found->second;
  if (entry->expiry <= clock.steady()) {
    by_name.erase(found);
    entries.erase(entry);
    return std::nullopt;
  }
  entries.splice(entries.begin(), entries, entry);
  return entry->answer;
}

// The lock is held. What is said while the source rests; empty: it does not.
std::optional<Answer> ReputationCache::State::rest() const {
  if (failures_in_a_row < options.failures_before_rest || clock.steady() >= rest_until) return std::nullopt;
  return last_failure ? std::optional<Answer>(tl::unexpected(*last_failure)) : std::nullopt;
}

std::chrono::seconds ReputationCache::State::lifetime(const Answer& answer) const {
  if (!answer) return options.failure_ttl;
  return std::clamp(answer->ttl, options.minimum_ttl, options.maximum_ttl);
}

// The lock is held, and there is no entry of this name.
void ReputationCache::State::remember(const std::string& name, const Answer& answer) {
  if (options.maximum_entries == 0) return;
  if (entries.size() >= options.maximum_entries) {
    by_name.erase(entries.back().name);
    entries.pop_back();
  }
  entries.push_front({name, answer, clock.steady() + lifetime(answer)});
  by_name.emplace(entries.front().name, entries.begin());
}

Answer ReputationCache::State::fly(const std::string& name, Flight& flight,
                                   std::chrono::milliseconds time_left) {
  try {
    Answer answer = source->lookup(name, time_left);
    land(name, flight, answer);
    return answer;
  } catch (...) {
    // A bug. It is the caller's to see, but those who wait must not wait for ever.
    land(name, flight, failure(Reason::dns_error, "the question broke off"));
    throw;
  }
}

void ReputationCache::State::land(const std::string& name, Flight& flight, const Answer& answer) {
  const std::scoped_lock lock(mutex);
  flights.erase(name);
  remember(name, answer);
  failures_in_a_row = answer ? 0 : failures_in_a_row + 1;
  if (!answer) {
    last_failure = answer.error();
    rest_until = clock.steady() + options.failure_ttl;
  }
  flight.outcome = answer;
  flight.landed.notify_all();
}

ReputationCache::ReputationCache(std::unique_ptr<ReputationSource> source, const Clock& clock,
                                 const ReputationCacheOptions& options)
    : state_(std::make_unique<State>(std::move(source), clock, options)) {}

ReputationCache::~ReputationCache() = default;

Expected<ReputationFinding> ReputationCache::lookup(const std::string& domain,
                                                    std::chrono::milliseconds time_left) {
  std::shared_ptr<Flight> flight;
  {
    std::unique_lock lock(state_->mutex);
    if (auto known = state_->find(domain)) {
      ++state_->statistics.hits;
      return *std::move(known);
    }
    if (const auto resting = state_->rest()) return *resting;
    // That is no failure of the source, and must not be held against it.
    if (time_left <= std::chrono::milliseconds::zero())
      return failure(Reason::dns_timeout, "no time was left to ask");
    const auto [place, mine] = state_->flights.try_emplace(domain);
    if (!mine) {
      ++state_->statistics.shared;
      flight = place->second;  // it leaves the map when it lands
      if (flight->landed.wait_for(lock, time_left, [&] { return flight->outcome.has_value(); }))
        return *flight->outcome;
      return failure(Reason::dns_timeout, "no time was left to wait for the answer");
    }
    ++state_->statistics.misses;
    flight = place->second = std::make_shared<Flight>();
  }
  return state_->fly(domain, *flight, time_left);
}

bool ReputationCache::may_wait() const noexcept {
  return state_->source->may_wait();
}

Expected<void> ReputationCache::check(std::chrono::milliseconds time_left) {
  return state_->source->check(time_left);
}

ReputationCache::Statistics ReputationCache::statistics() const {
  const std::scoped_lock lock(state_->mutex);
  Statistics now = state_->statistics;
  now.entries = state_->entries.size();
  return now;
}

}  // namespace tecs
