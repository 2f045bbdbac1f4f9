// A domain's private key.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tecs/algorithm.hpp"
#include "tecs/api.hpp"
#include "tecs/digest.hpp"
#include "tecs/error.hpp"
#include "tecs/octets.hpp"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace tecs {

// Immutable and shared: copies refer to one key. Any number of threads may sign with one at the same time.
// The last owner frees it, and OpenSSL clears it.
class TECS_API SigningKey {
 public:
  // PEM, PKCS#8 (or a bare RSA private key), not encrypted. RSA of 1024 to 16384 bits or Ed25519. Fails with
  // bad_key_file.
  [[nodiscard]] static Expected<SigningKey> from_pem(std::string_view pem);
  // bits is of the RSA modulus, 1024 to 16384, and not looked at for Ed25519. Fails with bad_option, or with
  // io_error when the crypto library does.
  [[nodiscard]] static Expected<SigningKey> generate(KeyType type, unsigned bits);

  [[nodiscard]] KeyType type() const noexcept { return type_; }
  [[nodiscard]] unsigned bits() const noexcept { return bits_; }
  [[nodiscard]] std::string to_pem() const;  // PKCS#8
  // What p= holds: SubjectPublicKeyInfo for RSA, the 32 octets for Ed25519 (RFC 8463 section 4).
  [[nodiscard]] Octets public_octets() const;
  // The signature of a message with this SHA-256 digest (PROTOCOL section 3).
  [[nodiscard]] Expected<Octets> sign(const Digest& digest) const;

 private:
  SigningKey(KeyType type, unsigned bits, std::shared_ptr<evp_pkey_st> key) noexcept;

  KeyType type_;
  unsigned bits_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace tecs
