// What signer and verifier do beside the public-key operation: a credential written and read.
#include "library_bench.hpp"
#include "tecs/base64.hpp"
#include "tecs/signer.hpp"

namespace tecs::bench {
namespace {

void parse(benchmark::State& state, const SigningKey& key) {
  const std::string response = initial_response(key, connections(1).front());
  repeat(state, [&] { benchmark::DoNotOptimize(Credential::parse_base64(response)); });
}

void sign(benchmark::State& state, const SigningKey& key) {
  const Signer signer(Domain::parse("example.org").value(), {}, key);
  const ConnectionTuple connection = connections(1).front();
  repeat(state, [&] {
    const auto credential = signer.sign(connection, Epoch::nearest(now));
    if (!credential) return state.SkipWithError("not signed");
    benchmark::DoNotOptimize(encode_base64(octets_of(credential->format())));
  });
}

}  // namespace

void add_credentials(const Keys& keys) {
  const auto add = [](const char* name, auto function, const SigningKey& key) {
    benchmark::RegisterBenchmark(name, [function, &key](benchmark::State& state) { function(state, key); });
  };
  add("tecs/credential/rsa-2048", parse, keys.rsa_2048);
  add("tecs/credential/ed25519", parse, keys.ed25519);
  add("tecs/sign/rsa-2048", sign, keys.rsa_2048);
  add("tecs/sign/ed25519", sign, keys.ed25519);
}

}  // namespace tecs::bench
