// The least that TECS can cost: OpenSSL alone, with everything set up beforehand that can be.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <memory>

#include "library_bench.hpp"
#include "tecs/digest.hpp"

namespace tecs::bench {
namespace {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* pointer) const noexcept {
    release(pointer);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;

Key decode_key(KeyType type, const Octets& octets) {
  const unsigned char* position = octets.data();
  return Key{type == KeyType::rsa
                 ? d2i_PUBKEY(nullptr, &position, static_cast<long>(octets.size()))
                 : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets.data(), octets.size())};
}

Key public_key(const SigningKey& key) {
  return decode_key(key.type(), key.public_octets());
}

Key private_key(const SigningKey& key) {
  const std::string pem = key.to_pem();
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  return Key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
}

void set_up(EVP_PKEY_CTX* context) {
  EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
  EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
}

void recover(benchmark::State& state, const SigningKey& key) {
  const Octets signature = key.sign(sha256(octets_of("floor"))).value();
  const Key publicly = public_key(key);
  const KeyContext context{EVP_PKEY_CTX_new_from_pkey(nullptr, publicly.get(), nullptr)};
  EVP_PKEY_verify_recover_init(context.get());
  set_up(context.get());
  repeat(state, [&] {
    std::array<unsigned char, 512> recovered;
    std::size_t length = recovered.size();
    if (EVP_PKEY_verify_recover(context.get(), recovered.data(), &length, signature.data(),
                                signature.size()) != 1) {
      state.SkipWithError("not recovered");
    }
  });
}

// Ed25519 takes whole messages, and OpenSSL has no way to begin again with a context.
void verify_ed25519(benchmark::State& state, const SigningKey& key) {
  const Digest digest = sha256(octets_of("floor"));
  const Octets signature = key.sign(digest).value();
  const Key publicly = public_key(key);
  repeat(state, [&] {
    const DigestContext context{EVP_MD_CTX_new()};
    EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, publicly.get());
    if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()) !=
        1) {
      state.SkipWithError("not verified");
    }
  });
}

void sign_rsa(benchmark::State& state, const SigningKey& key) {
  const Digest digest = sha256(octets_of("floor"));
  const Key privately = private_key(key);
  const KeyContext context{EVP_PKEY_CTX_new_from_pkey(nullptr, privately.get(), nullptr)};
  EVP_PKEY_sign_init(context.get());
  set_up(context.get());
  repeat(state, [&] {
    std::array<unsigned char, 512> signature;
    std::size_t length = signature.size();
    if (EVP_PKEY_sign(context.get(), signature.data(), &length, digest.data(), digest.size()) != 1) {
      state.SkipWithError("not signed");
    }
  });
}

void sign_ed25519(benchmark::State& state, const SigningKey& key) {
  const Digest digest = sha256(octets_of("floor"));
  const Key privately = private_key(key);
  repeat(state, [&] {
    const DigestContext context{EVP_MD_CTX_new()};
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, privately.get());
    std::array<unsigned char, 64> signature;
    std::size_t length = signature.size();
    if (EVP_DigestSign(context.get(), signature.data(), &length, digest.data(), digest.size()) != 1) {
      state.SkipWithError("not signed");
    }
  });
}

void read_key(benchmark::State& state, const SigningKey& key) {
  const Octets octets = key.public_octets();
  repeat(state, [&] { benchmark::DoNotOptimize(decode_key(key.type(), octets)); });
}

}  // namespace

void add_openssl(const Keys& keys) {
  const auto add = [](const char* name, auto function, const SigningKey& key) {
    benchmark::RegisterBenchmark(name, [function, &key](benchmark::State& state) { function(state, key); });
  };
  add("openssl/verify/rsa-2048", recover, keys.rsa_2048);
  add("openssl/verify/rsa-4096", recover, keys.rsa_4096);
  add("openssl/verify/ed25519", verify_ed25519, keys.ed25519);
  add("openssl/sign/rsa-2048", sign_rsa, keys.rsa_2048);
  add("openssl/sign/ed25519", sign_ed25519, keys.ed25519);
  add("openssl/key/rsa-2048", read_key, keys.rsa_2048);
  add("openssl/key/ed25519", read_key, keys.ed25519);
}

}  // namespace tecs::bench
