// One verification with the key in the cache, from the base64 of an AUTH command to the result.
#include <memory>

#include "library_bench.hpp"
#include "tecs/adapters/key_cache.hpp"
#include "tecs/adapters/system_clock.hpp"
#include "tecs/verifier.hpp"

namespace tecs::bench {
namespace {

class OneKey final : public KeySource {
 public:
  explicit OneKey(const SigningKey& key) : record_(select_key_record({format_key_record(key)}).value()) {}
  KeyLookup lookup(const std::string& /*name*/) override { return {record_, std::chrono::hours(1), true}; }

 private:
  std::shared_ptr<const KeyRecord> record_;
};

// Keys that several threads share.
class SharedKeys {
 public:
  explicit SharedKeys(const SigningKey& key) : source_(key), cache_(source_, clock_, KeyCacheOptions{}) {}
  [[nodiscard]] KeyCache& cache() noexcept { return cache_; }

 private:
  OneKey source_;
  SystemClock clock_;
  KeyCache cache_;
};

// The connection that was signed is the last of the candidates: no order makes it cost more, as long as the
// clocks agree. expected: what becomes of it.
void verify(benchmark::State& state, const SigningKey& key, KeyCache& cache, std::int64_t count,
            Result expected) {
  const auto candidates = connections(count);
  const std::string response = initial_response(key, candidates.back());
  const Verifier verifier{VerifierOptions{}};
  repeat(state, [&] {
    const auto verification = verifier.verify(Credential::parse_base64(response), candidates, now, cache);
    if (verification.result != expected) state.SkipWithError("another result");
  });
}

}  // namespace

void add_verifications(const Keys& keys) {
  const auto shared = std::make_shared<SharedKeys>(keys.rsa_2048);
  benchmark::RegisterBenchmark("tecs/threads",
                               [&keys, shared](benchmark::State& state) {
                                 verify(state, keys.rsa_2048, shared->cache(), 1, Result::pass);
                                 state.SetItemsProcessed(state.iterations());
                               })
      ->ThreadRange(1, 2)
      ->UseRealTime();
  for (const std::int64_t count : {1, 10, 100}) {
    const auto add = [&](const std::string& name, const SigningKey& key, Result expected) {
      benchmark::RegisterBenchmark(("tecs/verify/" + name + "/" + std::to_string(count)).c_str(),
                                   [&key, count, expected](benchmark::State& state) {
                                     SharedKeys own(key);
                                     verify(state, key, own.cache(), count, expected);
                                   });
    };
    add("rsa-2048", keys.rsa_2048, Result::pass);
    add("rsa-4096", keys.rsa_4096, Result::pass);
    // No credential buys more than maximum_ed25519_checks: of 100 candidates 64 are tried.
    const bool bounded = static_cast<std::size_t>(count) > VerifierOptions{}.maximum_ed25519_checks;
    add("ed25519", keys.ed25519, bounded ? Result::temperror : Result::pass);
  }
}

}  // namespace tecs::bench
