#include "tecs/public_key.hpp"

#include <limits>

#include "core/crypto.hpp"

namespace tecs {
namespace {

constexpr std::size_t ed25519_octets = 32;
constexpr std::size_t ed25519_signature_octets = 64;

Expected<Crypto::Key> decode_rsa(OctetView octets, const KeyLimits& limits) {
  if (octets.size() > PublicKey::maximum_octets(limits)) {
    return failure(Reason::key_too_large, "the RSA key is longer than this server accepts");
  }
  // RFC 6376 section 3.6.1 says RSAPublicKey, its own appendix C makes SubjectPublicKeyInfo; both stand in
  // DNS.
  Crypto::Key key = Crypto::decode_subject_public_key_info(octets);
  if (!key) key = Crypto::decode_rsa_public_key(octets);
  if (!key || !Crypto::is_rsa(key)) return failure(Reason::bad_key_record, "p= is not an RSA public key");
  const Crypto::RsaNumbers numbers = Crypto::rsa_numbers(key);
  if (numbers.bits > limits.maximum_rsa_bits) {
    return failure(Reason::key_too_large, "the RSA key is longer than this server accepts");
  }
  if (numbers.exponent % 2 == 0 || numbers.exponent < 3 ||
      numbers.exponent > std::numeric_limits<std::uint32_t>::max()) {
    return failure(Reason::bad_key_exponent,
                   "the RSA key's public exponent is even, below 3 or above 32 bits");
  }
  return key;
}

}  // namespace

PublicKey::PublicKey(KeyType type, unsigned bits, std::shared_ptr<evp_pkey_st> key,
                     std::shared_ptr<const evp_pkey_ctx_st> recover) noexcept
    : type_(type), bits_(bits), key_(std::move(key)), recover_(std::move(recover)) {}

std::size_t PublicKey::maximum_octets(const KeyLimits& limits) noexcept {
  // DER around the modulus: SubjectPublicKeyInfo takes 33 octets, an exponent of 32 bits 7; the rest is room
  // to spare.
  return limits.maximum_rsa_bits / 8 + 64;
}

Expected<PublicKey> PublicKey::decode(KeyType type, OctetView octets, const KeyLimits& limits) {
  if (type == KeyType::ed25519) {
    Crypto::Key key = octets.size() == ed25519_octets ? Crypto::make_ed25519_public_key(octets) : nullptr;
    if (!key) return failure(Reason::bad_key_record, "p= is not the 32 octets of an Ed25519 key");
    return PublicKey(type, ed25519_octets * 8, std::move(key), nullptr);
  }
  return decode_rsa(octets, limits).and_then([&](const Crypto::Key& key) -> Expected<PublicKey> {
    auto recover = Crypto::make_recover_context(key);
    if (!recover) return failure(Reason::bad_key_record, "p= is an RSA key that cannot be used");
    return PublicKey(type, Crypto::rsa_numbers(key).bits, key, std::move(recover));
  });
}

std::optional<Digest> PublicKey::recover_digest(OctetView signature) const {
  // RFC 8017 section 8.2.2 step 1: the signature is as long as the modulus, to the octet.
  if (!recover_ || signature.size() != (bits_ + 7) / 8) return std::nullopt;
  return Crypto::recover_digest(recover_, signature);
}

bool PublicKey::verify(const Digest& digest, OctetView signature) const {
  return type_ == KeyType::ed25519 && signature.size() == ed25519_signature_octets &&
         Crypto::verify_ed25519(key_, digest, signature);
}

}  // namespace tecs
