#include "tecs/signing_key.hpp"

#include "core/crypto.hpp"

namespace tecs {
namespace {

constexpr unsigned minimum_bits = 1024;
constexpr unsigned maximum_bits = Crypto::maximum_rsa_bits;

bool length_allowed(unsigned bits) noexcept {
  return bits >= minimum_bits && bits <= maximum_bits;
}

}  // namespace

SigningKey::SigningKey(KeyType type, unsigned bits, std::shared_ptr<evp_pkey_st> key) noexcept
    : type_(type), bits_(bits), key_(std::move(key)) {}

Expected<SigningKey> SigningKey::from_pem(std::string_view pem) {
  Crypto::Key key = Crypto::read_private_key(pem);
  if (!key) return failure(Reason::bad_key_file, "not a private key in PEM form without a pass phrase");
  if (Crypto::is_ed25519(key)) return SigningKey(KeyType::ed25519, 256, std::move(key));
  if (!Crypto::is_rsa(key)) return failure(Reason::bad_key_file, "the key is neither RSA nor Ed25519");
  const unsigned bits = Crypto::rsa_numbers(key).bits;
  if (!length_allowed(bits)) {
    return failure(Reason::bad_key_file,
                   "an RSA key of " + std::to_string(bits) + " bits; 1024 to 16384 can sign");
  }
  return SigningKey(KeyType::rsa, bits, std::move(key));
}

Expected<SigningKey> SigningKey::generate(KeyType type, unsigned bits) {
  if (type == KeyType::rsa && !length_allowed(bits)) {
    return failure(Reason::bad_option, "an RSA key has 1024 to 16384 bits");
  }
  Crypto::Key key = type == KeyType::rsa ? Crypto::generate_rsa(bits) : Crypto::generate_ed25519();
  if (!key) return failure(Reason::io_error, "the crypto library could not make a key");
  return SigningKey(type, type == KeyType::rsa ? bits : 256, std::move(key));
}

std::string SigningKey::to_pem() const {
  return Crypto::write_private_key(key_);
}

Octets SigningKey::public_octets() const {
  return type_ == KeyType::rsa ? Crypto::encode_subject_public_key_info(key_)
                               : Crypto::ed25519_public_octets(key_);
}

Expected<Octets> SigningKey::sign(const Digest& digest) const {
  Octets signature =
      type_ == KeyType::rsa ? Crypto::sign_rsa(key_, digest) : Crypto::sign_ed25519(key_, digest);
  if (signature.empty())
    return failure(Reason::bad_key_file, "the crypto library could not sign with this key");
  return signature;
}

}  // namespace tecs
