// A key: read from its TXT record, and found in the cache by one thread and by two at once.
#include <memory>

#include "library_bench.hpp"
#include "tecs/adapters/key_cache.hpp"
#include "tecs/adapters/system_clock.hpp"

namespace tecs::bench {
namespace {

void parse(benchmark::State& state, const SigningKey& key) {
  const std::string text = format_key_record(key);
  repeat(state, [&] {
    auto record = KeyRecord::parse(text);
    if (!record) state.SkipWithError("not a key record");
    benchmark::DoNotOptimize(record);
  });
}

// As many keys as the milter keeps unless it is told otherwise.
class FullCache final : public KeySource {
 public:
  explicit FullCache(const SigningKey& key)
      : record_(select_key_record({format_key_record(key)}).value()),
        cache_(*this, clock_, KeyCacheOptions{}) {
    for (std::size_t i = 0; i < KeyCacheOptions{}.maximum_entries; ++i) {
      names_.push_back("_domainkey.example" + std::to_string(i) + ".org");
      static_cast<void>(cache_.lookup(names_.back()));
    }
  }

  KeyLookup lookup(const std::string& /*name*/) override { return {record_, std::chrono::hours(1), true}; }

  [[nodiscard]] KeyLookup find(std::size_t number) { return cache_.lookup(names_[number % names_.size()]); }

 private:
  std::shared_ptr<const KeyRecord> record_;
  SystemClock clock_;
  KeyCache cache_;
  std::vector<std::string> names_;
};

void hit(benchmark::State& state, FullCache& cache) {
  constexpr std::size_t step = 4391;  // a prime number: each name comes once before one comes again
  std::size_t number = static_cast<std::size_t>(state.thread_index()) * step / 2;
  repeat(state, [&] { benchmark::DoNotOptimize(cache.find(number += step)); });
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

void add_keys(const Keys& keys) {
  for (const auto& [name, key] :
       {std::pair("tecs/key/rsa-2048", &keys.rsa_2048), {"tecs/key/ed25519", &keys.ed25519}}) {
    benchmark::RegisterBenchmark(name, [key = key](benchmark::State& state) { parse(state, *key); });
  }
  const auto cache = std::make_shared<FullCache>(keys.ed25519);
  benchmark::RegisterBenchmark("tecs/hit", [cache](benchmark::State& state) { hit(state, *cache); })
      ->ThreadRange(1, 2)
      ->UseRealTime();
}

}  // namespace tecs::bench
