// One verification with the key at hand, from base64 to result, beside the least that it can cost: OpenSSL
// recovering the digest with a context that is set up once (RSA), or checking one signature (Ed25519). The
// budget is 1.15 times that.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

#include "tecs/base64.hpp"
#include "tecs/signed_octets.hpp"
#include "tecs/signer.hpp"
#include "tecs/verifier.hpp"

namespace {

using namespace tecs;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1170806400}};

class OneKey final : public KeySource {
 public:
  explicit OneKey(const SigningKey& key) : record_(select_key_record({format_key_record(key)}).value()) {}
  KeyLookup lookup(const std::string& /*name*/) override { return {record_, {}, true}; }

 private:
  std::shared_ptr<const KeyRecord> record_;
};

std::vector<ConnectionTuple> connections(std::int64_t count) {
  std::vector<ConnectionTuple> tuples;
  for (std::int64_t i = 0; i < count; ++i) {
    tuples.push_back(
        ConnectionTuple::make(Endpoint::parse("192.0.2.25:25").value(),
                              Endpoint::parse("198.51.100.7:" + std::to_string(40000 + i)).value())
            .value());
  }
  return tuples;
}

std::string initial_response(const SigningKey& key, const ConnectionTuple& tuple) {
  const Signer signer(Domain::parse("example.org").value(), {}, key);
  return encode_base64(octets_of(signer.sign(tuple, Epoch::nearest(now)).value().format()));
}

void verify(benchmark::State& state, const SigningKey& key) {
  OneKey source(key);
  const auto candidates = connections(state.range(0));
  const std::string response = initial_response(key, candidates.back());
  const Verifier verifier{VerifierOptions{}};
  for (auto _ : state) {
    const auto verification = verifier.verify(Credential::parse_base64(response), candidates, now, source);
    if (verification.result != Result::pass) state.SkipWithError("not a pass");
  }
}

void tecs_rsa_2048(benchmark::State& state) {
  verify(state, SigningKey::generate(KeyType::rsa, 2048).value());
}
void tecs_rsa_4096(benchmark::State& state) {
  verify(state, SigningKey::generate(KeyType::rsa, 4096).value());
}
void tecs_ed25519(benchmark::State& state) {
  verify(state, SigningKey::generate(KeyType::ed25519, 0).value());
}

void openssl_recover(benchmark::State& state) {
  const auto key = SigningKey::generate(KeyType::rsa, static_cast<unsigned>(state.range(0))).value();
  const Octets der = key.public_octets();
  const Octets signature = key.sign(sha256(octets_of("floor"))).value();
  const unsigned char* position = der.data();
  EVP_PKEY* const publicly = d2i_PUBKEY(nullptr, &position, static_cast<long>(der.size()));
  EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new_from_pkey(nullptr, publicly, nullptr);
  EVP_PKEY_verify_recover_init(context);
  EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
  EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
  for (auto _ : state) {
    std::array<unsigned char, 512> out{};
    std::size_t length = out.size();
    if (EVP_PKEY_verify_recover(context, out.data(), &length, signature.data(), signature.size()) != 1) {
      state.SkipWithError("not recovered");
    }
  }
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(publicly);
}

void openssl_ed25519(benchmark::State& state) {
  const auto key = SigningKey::generate(KeyType::ed25519, 0).value();
  const Octets octets = key.public_octets();
  const Digest digest = sha256(octets_of("floor"));
  const Octets signature = key.sign(digest).value();
  EVP_PKEY* const publicly =
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets.data(), octets.size());
  for (auto _ : state) {
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, publicly);
    if (EVP_DigestVerify(context, signature.data(), signature.size(), digest.data(), digest.size()) != 1) {
      state.SkipWithError("not verified");
    }
    EVP_MD_CTX_free(context);
  }
  EVP_PKEY_free(publicly);
}

void tecs_sign_rsa_2048(benchmark::State& state) {
  const auto key = SigningKey::generate(KeyType::rsa, 2048).value();
  const auto tuple = connections(1).front();
  for (auto _ : state) benchmark::DoNotOptimize(initial_response(key, tuple));
}

BENCHMARK(openssl_recover)->Arg(2048)->Arg(4096);
BENCHMARK(tecs_rsa_2048)->Arg(1)->Arg(64);
BENCHMARK(tecs_rsa_4096)->Arg(1);
BENCHMARK(openssl_ed25519);
BENCHMARK(tecs_ed25519)->Arg(1)->Arg(16);
BENCHMARK(tecs_sign_rsa_2048);

}  // namespace
