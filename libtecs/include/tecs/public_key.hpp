// A key that stands in DNS, ready to verify with. It is parsed once and kept: parsing costs as much as a
// verification.
#pragma once

#include <memory>
#include <optional>

#include "tecs/algorithm.hpp"
#include "tecs/api.hpp"
#include "tecs/digest.hpp"
#include "tecs/error.hpp"
#include "tecs/octets.hpp"

struct evp_pkey_st;      // OpenSSL's EVP_PKEY
struct evp_pkey_ctx_st;  // OpenSSL's EVP_PKEY_CTX

namespace tecs {

// Limits of PROTOCOL section 4. The minimum is not here: a short key is read, and the verifier says `policy`.
struct KeyLimits {
  unsigned maximum_rsa_bits = 4096;
};

// Immutable and shared: copies refer to one key. Any number of threads may verify with one at the same time.
class TECS_API PublicKey {
 public:
  // rsa: DER of a SubjectPublicKeyInfo or of a bare RSAPublicKey; ed25519: the 32 octets (RFC 8463). Trailing
  // octets are refused. Fails with bad_key_record, key_too_large or bad_key_exponent.
  [[nodiscard]] static Expected<PublicKey> decode(KeyType type, OctetView octets, const KeyLimits& limits);

  // The most octets decode() can accept, so that a caller bounds text before it decodes base64.
  [[nodiscard]] static std::size_t maximum_octets(const KeyLimits& limits) noexcept;

  [[nodiscard]] KeyType type() const noexcept { return type_; }
  [[nodiscard]] unsigned bits() const noexcept { return bits_; }  // of the RSA modulus; 256 for Ed25519
  // As they were decoded, for whoever keeps what was published; as long as this or a copy of it lives.
  [[nodiscard]] OctetView octets() const noexcept { return *octets_; }

  // RSA only: one public-key operation that gives the SHA-256 digest which was signed, PKCS#1 v1.5 padding
  // checked in full (RFC 8017 section 8.2.2). Empty when the signature is not by this key. Like verify(),
  // throws std::bad_alloc when there is no memory to find out.
  [[nodiscard]] std::optional<Digest> recover_digest(OctetView signature) const;

  // Ed25519 only: checks the signature over the digest (RFC 8463 section 3).
  [[nodiscard]] bool verify(const Digest& digest, OctetView signature) const;

 private:
  PublicKey(KeyType type, unsigned bits, OctetView octets, std::shared_ptr<evp_pkey_st> key,
            std::shared_ptr<const evp_pkey_ctx_st> recover);

  KeyType type_;
  unsigned bits_;
  // Beside the several KB that OpenSSL takes for a key, its octets are little: to have it write them again
  // would cost each verdict as much time as the verification.
  std::shared_ptr<const Octets> octets_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<const evp_pkey_ctx_st> recover_;  // set up once; each call works on a copy
};

}  // namespace tecs
