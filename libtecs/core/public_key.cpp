#include "tecs/public_key.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <ranges>

#include "core/crypto.hpp"
#include "core/rsa_public_key_der.hpp"

namespace tecs {
namespace {

constexpr std::size_t ed25519_octets = 32;
constexpr std::size_t ed25519_signature_octets = 64;

// An encoded number of 32 octets: the first, those between, the last.
constexpr std::array<std::uint8_t, ed25519_octets> repeated(std::uint8_t first, std::uint8_t between,
                                                            std::uint8_t last) {
  std::array<std::uint8_t, ed25519_octets> octets{};
  octets.fill(between);
  octets.front() = first;
  octets.back() = last;
  return octets;
}

// The y of all points whose order is 1, 2, 4 or 8 (RFC 8032 section 5.1), p and p + 1 being other forms of 0
// and 1.
constexpr std::array small_order_points{
    repeated(1, 0, 0),           // 1
    repeated(0xec, 0xff, 0x7f),  // -1
    repeated(0, 0, 0),           // 0
    repeated(0xed, 0xff, 0x7f),  // p
    repeated(0xee, 0xff, 0x7f),  // p + 1
    std::array<std::uint8_t, ed25519_octets>{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
                                             0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
                                             0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    std::array<std::uint8_t, ed25519_octets>{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
                                             0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
                                             0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

// With such a key one signature, which anybody can make, is right for every connection: it would tell
// nothing, and where several connections of a client are open it could be taken for one of somebody else's.
bool is_of_small_order(OctetView octets) {
  return std::ranges::any_of(small_order_points, [&](const auto& point) {
    // The top bit is the sign of x.
    return std::ranges::equal(point | std::views::take(ed25519_octets - 1),
                              octets.first(ed25519_octets - 1)) &&
           point.back() == (octets.back() & 0x7f);
  });
}

Expected<Crypto::Key> decode_rsa(OctetView octets, const KeyLimits& limits) {
  if (octets.size() > PublicKey::maximum_octets(limits)) {
    return failure(Reason::key_too_large, "the RSA key is longer than this server accepts");
  }
  // RFC 6376 section 3.6.1 says RSAPublicKey, its own appendix C makes SubjectPublicKeyInfo; both stand in
  // DNS.
  Crypto::Key key = decode_subject_public_key_info(octets);
  if (!key) key = decode_rsa_public_key(octets);
  if (!key) return failure(Reason::bad_key_record, "p= is not an RSA public key");
  const Crypto::RsaNumbers numbers = Crypto::rsa_numbers(key);
  if (numbers.bits == 0) return failure(Reason::bad_key_record, "the RSA key has a modulus of 0");
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

PublicKey::PublicKey(KeyType type, unsigned bits, OctetView octets, std::shared_ptr<evp_pkey_st> key,
                     std::shared_ptr<const evp_pkey_ctx_st> recover)
    : type_(type),
      bits_(bits),
      octets_(std::make_shared<const Octets>(octets.begin(), octets.end())),
      key_(std::move(key)),
      recover_(std::move(recover)) {}

std::size_t PublicKey::maximum_octets(const KeyLimits& limits) noexcept {
  // DER around the modulus: SubjectPublicKeyInfo takes 33 octets, an exponent of 32 bits 7; the rest is room
  // to spare.
  return limits.maximum_rsa_bits / 8 + 64;
}

Expected<PublicKey> PublicKey::decode(KeyType type, OctetView octets, const KeyLimits& limits) {
  if (type == KeyType::ed25519) {
    Crypto::Key key = octets.size() == ed25519_octets ? Crypto::make_ed25519_public_key(octets) : nullptr;
    if (!key) return failure(Reason::bad_key_record, "p= is not the 32 octets of an Ed25519 key");
    if (is_of_small_order(octets)) {
      return failure(Reason::bad_key_record,
                     "the Ed25519 key is of small order: nobody needs its private key");
    }
    return PublicKey(type, ed25519_octets * 8, octets, std::move(key), nullptr);
  }
  return decode_rsa(octets, limits).and_then([&](const Crypto::Key& key) -> Expected<PublicKey> {
    auto recover = Crypto::make_recover_context(key);
    if (!recover) return failure(Reason::bad_key_record, "p= is an RSA key that cannot be used");
    return PublicKey(type, Crypto::rsa_numbers(key).bits, octets, key, std::move(recover));
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
