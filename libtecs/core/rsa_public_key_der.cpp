#include "core/rsa_public_key_der.hpp"

#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "core/openssl_memory.hpp"

// OpenSSL has decoders for whole keys, but they try every format that they know, which takes ten times as
// long as this, and they read more than DER. Here it reads and writes the structures, and no more.

namespace tecs {
namespace {

struct FreeSequence {
  void operator()(ASN1_SEQUENCE_ANY* sequence) const noexcept {
    sk_ASN1_TYPE_pop_free(sequence, ASN1_TYPE_free);
  }
};

using Sequence = std::unique_ptr<ASN1_SEQUENCE_ANY, FreeSequence>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;

// AlgorithmIdentifier of rsaEncryption: the object identifier 1.2.840.113549.1.1.1, and NULL (RFC 8017
// appendix A.1).
constexpr std::array<std::uint8_t, 15> rsa_encryption{0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                                      0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};

OctetView octets_of(const ASN1_STRING* text) {
  return {ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))};
}

// Two elements, or null. OpenSSL reads lengths in a longer form too, and octets behind the end: so only what
// it would write itself is taken. It does not look into an element that is a sequence again.
Sequence decode_pair(OctetView der) {
  if (der.size() > static_cast<std::size_t>(std::numeric_limits<long>::max())) return {};
  const unsigned char* position = der.data();
  Sequence sequence{d2i_ASN1_SEQUENCE_ANY(nullptr, &position, static_cast<long>(der.size()))};
  if (!sequence || sk_ASN1_TYPE_num(sequence.get()) != 2) return {};
  unsigned char* written = nullptr;
  const int length = i2d_ASN1_SEQUENCE_ANY(sequence.get(), &written);
  const std::unique_ptr<unsigned char, FreeOctets> owner{written};
  const bool same =
      length > 0 && std::ranges::equal(der, OctetView{written, static_cast<std::size_t>(length)});
  return same ? std::move(sequence) : Sequence{};
}

// Null for what is no number, or below 0.
BigNumber number_of(const ASN1_TYPE* element) {
  if (ASN1_TYPE_get(element) != V_ASN1_INTEGER) return {};
  BigNumber number{ASN1_INTEGER_to_BN(element->value.integer, nullptr)};
  return number && BN_is_negative(number.get()) == 0 ? std::move(number) : BigNumber{};
}

Crypto::Key make_key(const BIGNUM* modulus, const BIGNUM* exponent) {
  const ParameterBuilder builder{OSSL_PARAM_BLD_new()};
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent) != 1) {
    return {};
  }
  const Parameters parameters{OSSL_PARAM_BLD_to_param(builder.get())};
  const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr)};
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return {};
  }
  return own(key);
}

Crypto::Key rsa_public_key(OctetView der) {
  const Sequence numbers = decode_pair(der);
  if (!numbers) return {};
  const BigNumber modulus = number_of(sk_ASN1_TYPE_value(numbers.get(), 0));
  const BigNumber exponent = number_of(sk_ASN1_TYPE_value(numbers.get(), 1));
  return modulus && exponent ? make_key(modulus.get(), exponent.get()) : Crypto::Key{};
}

Crypto::Key subject_public_key_info(OctetView der) {
  const Sequence info = decode_pair(der);
  if (!info) return {};
  const ASN1_TYPE* const algorithm = sk_ASN1_TYPE_value(info.get(), 0);
  const ASN1_TYPE* const key = sk_ASN1_TYPE_value(info.get(), 1);
  if (ASN1_TYPE_get(algorithm) != V_ASN1_SEQUENCE || ASN1_TYPE_get(key) != V_ASN1_BIT_STRING) return {};
  if (!std::ranges::equal(octets_of(algorithm->value.sequence), rsa_encryption)) return {};
  constexpr long unused_bits = 0x07;
  if ((key->value.bit_string->flags & unused_bits) != 0) return {};
  return rsa_public_key(octets_of(key->value.bit_string));
}

}  // namespace

Crypto::Key decode_subject_public_key_info(OctetView der) {
  Crypto::Key key = subject_public_key_info(der);
  ERR_clear_error();
  return key;
}

Crypto::Key decode_rsa_public_key(OctetView der) {
  Crypto::Key key = rsa_public_key(der);
  ERR_clear_error();
  return key;
}

}  // namespace tecs
