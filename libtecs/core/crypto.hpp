// The door to OpenSSL; beside it is only rsa_public_key_der.hpp. Thin: it owns what OpenSSL allocates and
// turns its return codes into values; what is allowed and what an error means is decided by the callers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tecs/digest.hpp"
#include "tecs/octets.hpp"

struct evp_pkey_st;
struct evp_pkey_ctx_st;

namespace tecs {

struct Crypto {
  using Key = std::shared_ptr<evp_pkey_st>;  // a public key or a key pair; null: could not be made
  using RecoverContext = std::shared_ptr<const evp_pkey_ctx_st>;

  struct RsaNumbers {
    unsigned bits = 0;
    std::uint64_t exponent = 0;  // 0: it needs more than 64 bits
  };

  // The longest modulus that recover_digest() has room for; OpenSSL's own limit is the same.
  static constexpr unsigned maximum_rsa_bits = 16384;

  [[nodiscard]] static Digest sha256(OctetView octets);

  [[nodiscard]] static std::string encode_base64(OctetView octets);

  // Each takes all octets or fails.
  [[nodiscard]] static Key make_ed25519_public_key(OctetView octets);
  [[nodiscard]] static Key read_private_key(std::string_view pem);
  [[nodiscard]] static Key generate_rsa(unsigned bits);
  [[nodiscard]] static Key generate_ed25519();

  [[nodiscard]] static bool is_rsa(const Key& key) noexcept;
  [[nodiscard]] static bool is_ed25519(const Key& key) noexcept;
  [[nodiscard]] static RsaNumbers rsa_numbers(const Key& key);

  [[nodiscard]] static std::string write_private_key(const Key& key);  // PKCS#8 PEM
  [[nodiscard]] static Octets encode_subject_public_key_info(const Key& key);
  [[nodiscard]] static Octets ed25519_public_octets(const Key& key);

  // Set up for RSASSA-PKCS1-v1_5 with SHA-256; never used itself, only copied, so that threads can share it.
  [[nodiscard]] static RecoverContext make_recover_context(const Key& key);
  // These two throw std::bad_alloc when OpenSSL has no memory to find out.
  [[nodiscard]] static std::optional<Digest> recover_digest(const RecoverContext& context,
                                                            OctetView signature);
  [[nodiscard]] static bool verify_ed25519(const Key& key, OctetView message, OctetView signature);

  // Empty when the crypto library fails, or signs what does not verify.
  [[nodiscard]] static Octets sign_rsa(const Key& key, const Digest& digest);
  [[nodiscard]] static Octets sign_ed25519(const Key& key, OctetView message);
};

}  // namespace tecs
