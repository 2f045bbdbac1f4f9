#include "tecs/adapters/key_cache.hpp"

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

struct Entry {
  std::string name;
  KeyLookup lookup;
  Time expiry;
};

// A lookup that is under way, shared by whoever asks meanwhile. Guarded by the cache's mutex.
struct Flight {
  bool over = false;  // without an outcome it broke off
  std::optional<KeyLookup> outcome;
  std::condition_variable landed;
};

using Entries = std::list<Entry>;

bool has_key(const KeyLookup& lookup) {
  return lookup.record && *lookup.record != nullptr;
}

bool can_pass(const KeyLookup& lookup) {
  return !lookup.record && (lookup.record.error().reason == Reason::dns_timeout ||
                            lookup.record.error().reason == Reason::dns_error);
}

std::chrono::seconds lifetime(const KeyLookup& lookup, const KeyCacheOptions& options) {
  if (can_pass(lookup)) return options.failure_ttl;
  if (!lookup.record)
    return std::min(std::max(lookup.ttl, options.minimum_ttl), options.maximum_negative_ttl);
  if (*lookup.record == nullptr) return std::min(lookup.ttl, options.maximum_negative_ttl);
  return std::min(std::max(lookup.ttl, options.minimum_ttl), options.maximum_ttl);
}

}  // namespace

struct KeyCache::State {
  State(KeySource& given_source, const Clock& given_clock, const KeyCacheOptions& given_options)
      : source(given_source), clock(given_clock), options(given_options) {}

  [[nodiscard]] std::optional<KeyLookup> find(const std::string& name);
  void remember(const std::string& name, const KeyLookup& lookup);
  void forget(Entries::iterator entry);
  [[nodiscard]] Entries& entries_like(const KeyLookup& lookup) { return has_key(lookup) ? keys : others; }
  KeyLookup wait(std::unique_lock<std::mutex>& lock, Flight& flight);
  KeyLookup fly(const std::string& name, Flight& flight);
  // Null for a lookup that broke off.
  void land(const std::string& name, Flight& flight, const KeyLookup* lookup);

  KeySource& source;
  const Clock& clock;
  const KeyCacheOptions options;

  // All below is guarded by the mutex, which nobody holds while the source is asked.
  mutable std::mutex mutex;
  Entries keys;    // the most recently used first
  Entries others;  // likewise: absent, unusable, not answered
  // A tree, since strangers choose the names: no choice of theirs makes it slow. The key looks into the
  // entry.
  std::map<std::string_view, Entries::iterator> by_name;
  std::map<std::string, std::shared_ptr<Flight>> flights;
  Statistics statistics;
};

// The lock is held.
std::optional<KeyLookup> KeyCache::State::find(const std::string& name) {
  const auto found = by_name.find(name);
  if (found == by_name.end()) return std::nullopt;
  const auto entry = found->second;
  const auto left = entry->expiry - clock.steady();
  if (left <= Time::duration::zero()) {
    forget(entry);
    return std::nullopt;
  }
  Entries& entries = entries_like(entry->lookup);
  entries.splice(entries.begin(), entries, entry);
  KeyLookup lookup = entry->lookup;
  lookup.ttl = std::chrono::ceil<std::chrono::seconds>(left);
  return lookup;
}

// The lock is held, and there is no entry of this name.
void KeyCache::State::remember(const std::string& name, const KeyLookup& lookup) {
  if (options.maximum_entries == 0 || lookup.ttl <= std::chrono::seconds::zero()) return;
  if (by_name.size() >= options.maximum_entries)
    forget(std::prev(others.empty() ? keys.end() : others.end()));
  Entries& entries = entries_like(lookup);
  entries.push_front({name, lookup, clock.steady() + lookup.ttl});
  try {
    by_name.emplace(entries.front().name, entries.begin());
  } catch (...) {
    entries.pop_front();
    throw;
  }
}

// The lock is held.
void KeyCache::State::forget(Entries::iterator entry) {
  by_name.erase(entry->name);
  entries_like(entry->lookup).erase(entry);
}

KeyLookup KeyCache::State::wait(std::unique_lock<std::mutex>& lock, Flight& flight) {
  flight.landed.wait(lock, [&] { return flight.over; });
  if (flight.outcome) return *flight.outcome;
  return {failure(Reason::dns_error, "the lookup of the key broke off")};
}

KeyLookup KeyCache::State::fly(const std::string& name, Flight& flight) {
  try {
    KeyLookup lookup = source.lookup(name);
    lookup.ttl = lifetime(lookup, options);
    land(name, flight, &lookup);
    return lookup;
  } catch (...) {
    // A bug, or no memory. It is the caller's to see, but those who wait must not wait for ever.
    land(name, flight, nullptr);
    throw;
  }
}

void KeyCache::State::land(const std::string& name, Flight& flight, const KeyLookup* lookup) {
  const std::scoped_lock lock(mutex);
  if (flight.over) return;
  // First what cannot fail: memory may be out for all that follows.
  flight.over = true;
  flight.landed.notify_all();
  flights.erase(name);
  if (lookup == nullptr) return;
  flight.outcome = *lookup;
  remember(name, *lookup);
}

KeyCache::KeyCache(KeySource& source, const Clock& clock, const KeyCacheOptions& options)
    : state_(std::make_unique<State>(source, clock, options)) {}

KeyCache::~KeyCache() = default;

KeyLookup KeyCache::lookup(const std::string& name) {
  std::shared_ptr<Flight> flight;
  {
    std::unique_lock lock(state_->mutex);
    if (auto known = state_->find(name)) {
      ++state_->statistics.hits;
      return *std::move(known);
    }
    if (const auto under_way = state_->flights.find(name); under_way != state_->flights.end()) {
      ++state_->statistics.shared;
      flight = under_way->second;  // it leaves the map when it lands
      return state_->wait(lock, *flight);
    }
    flight = state_->flights.emplace(name, std::make_shared<Flight>()).first->second;
    ++state_->statistics.misses;
  }
  return state_->fly(name, *flight);
}

bool KeyCache::would_ask(const std::string& name) const {
  const std::scoped_lock lock(state_->mutex);
  const auto found = state_->by_name.find(name);
  if (found != state_->by_name.end() && found->second->expiry > state_->clock.steady()) return false;
  return !state_->flights.contains(name);
}

void KeyCache::clear() {
  const std::scoped_lock lock(state_->mutex);
  state_->by_name.clear();
  state_->keys.clear();
  state_->others.clear();
}

KeyCache::Statistics KeyCache::statistics() const {
  const std::scoped_lock lock(state_->mutex);
  Statistics now = state_->statistics;
  now.entries = state_->by_name.size();
  return now;
}

}  // namespace tecs
