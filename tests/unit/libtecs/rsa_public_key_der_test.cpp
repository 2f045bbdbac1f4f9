// Of all the spellings of a key one is read, whatever else OpenSSL would take.
#include <gtest/gtest.h>

#include "tecs/base64.hpp"
#include "tecs/public_key.hpp"
#include "unit/libtecs/der.hpp"

namespace tecs {
namespace {

// An odd number of 2048 bits, which is all that a modulus must be to be read.
Octets modulus() {
  return joined({{0x00}, Octets(256, 0xab)});
}

Octets exponent() {
  return {0x01, 0x00, 0x01};
}

Octets object_identifier(std::uint8_t last) {
  return {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, last};
}

Octets algorithm(std::uint8_t last) {
  constexpr std::uint8_t null = 0x05;
  return joined({object_identifier(last), {null, 0x00}});
}

constexpr std::uint8_t rsa_encryption = 1;
constexpr std::uint8_t rsassa_pss = 10;

Octets key_of(const Octets& n, const Octets& e) {
  return der(der_sequence, joined({der(der_integer, n), der(der_integer, e)}));
}

Octets key() {
  return key_of(modulus(), exponent());
}

Octets info_of(const Octets& identifier, const Octets& bits) {
  return der(der_sequence, joined({der(der_sequence, identifier), der(der_bit_string, bits)}));
}

Octets whole_info() {
  return info_of(algorithm(rsa_encryption), joined({{0x00}, key()}));
}

Octets without_first(const Octets& octets) {
  return {octets.begin() + 1, octets.end()};
}

Octets without_last(const Octets& octets) {
  return {octets.begin(), octets.end() - 1};
}

struct Row {
  const char* name;
  Octets octets;
};

class RsaPublicKeyDer : public testing::TestWithParam<Row> {};

TEST_P(RsaPublicKeyDer, IsRefused) {
  const auto decoded = PublicKey::decode(KeyType::rsa, GetParam().octets, {});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().reason, Reason::bad_key_record);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RsaPublicKeyDer,
    testing::Values(
        Row{"nothing", {}}, Row{"no_key_at_all", {0x04, 0x01, 0x00}}, Row{"cut", without_last(key())},
        Row{"octets_behind_the_key", joined({key(), {0x00}})},
        Row{"octets_behind_the_info", joined({whole_info(), {0x00}})},
        Row{"octets_behind_the_inner_key",
            info_of(algorithm(rsa_encryption), joined({{0x00}, key(), {0x00}}))},
        Row{"a_third_number",
            der(der_sequence,
                joined({der(der_integer, modulus()), der(der_integer, exponent()), {0x02, 0x01, 0x01}}))},
        Row{"one_number", der(der_sequence, der(der_integer, modulus()))},
        Row{"a_number_that_is_text",
            der(der_sequence, joined({der(der_integer, modulus()), der(0x04, exponent())}))},
        Row{"a_number_that_is_true",
            der(der_sequence, joined({der(der_integer, modulus()), der(0x01, {0xff})}))},
        Row{"a_number_that_is_null", der(der_sequence, joined({der(der_integer, modulus()), der(0x05, {})}))},
        Row{"an_empty_number", key_of(modulus(), {})}, Row{"a_modulus_of_0", key_of({0x00}, exponent())},
        Row{"a_negative_modulus", key_of(without_first(modulus()), exponent())},
        Row{"a_negative_exponent", key_of(modulus(), {0xfd})},
        Row{"a_modulus_with_a_zero_too_many", key_of(joined({{0x00}, modulus()}), exponent())},
        Row{"an_exponent_with_a_zero_too_many", key_of(modulus(), joined({{0x00}, exponent()}))},
        Row{"a_length_in_a_longer_form",
            der(der_sequence, joined({der(der_integer, modulus()), {der_integer, 0x81, 0x03}, exponent()}))},
        Row{"no_length", joined({{der_sequence, 0x80},
                                 der(der_integer, modulus()),
                                 der(der_integer, exponent()),
                                 {0x00, 0x00}})},
        Row{"no_parameters", info_of(object_identifier(1), joined({{0x00}, key()}))},
        Row{"parameters_that_are_not_null",
            info_of(joined({object_identifier(1), {0x04, 0x00}}), joined({{0x00}, key()}))},
        Row{"another_algorithm", info_of(algorithm(rsassa_pss), joined({{0x00}, key()}))},
        Row{"unused_bits", info_of(algorithm(rsa_encryption), joined({{0x01}, key()}))},
        Row{"unused_bits_that_are_zero",
            info_of(algorithm(rsa_encryption), joined({{0x01}, key_of(modulus(), {0x02})}))},
        Row{"an_empty_bit_string", info_of(algorithm(rsa_encryption), {0x00})},
        Row{"a_bit_string_of_nothing", info_of(algorithm(rsa_encryption), {})},
        Row{"a_key_that_is_no_bit_string",
            der(der_sequence, joined({der(der_sequence, algorithm(rsa_encryption)), der(0x04, key())}))},
        Row{"an_info_in_an_info", info_of(algorithm(rsa_encryption), joined({{0x00}, whole_info()}))}),
    [](const auto& param) { return param.param.name; });

TEST(RsaPublicKeyDerForms, AreBothRead) {
  for (const Octets& octets : {key(), whole_info()}) {
    const auto decoded = PublicKey::decode(KeyType::rsa, octets, {});
    ASSERT_TRUE(decoded) << decoded.error().sentence;
    EXPECT_EQ(decoded->bits(), 2048U);
  }
}

TEST(RsaPublicKeyDerForms, AreNotLookedAtWhenTheyAreTooLong) {
  const std::size_t most = PublicKey::maximum_octets({});
  EXPECT_EQ(PublicKey::decode(KeyType::rsa, Octets(most, 0), {}).error().reason, Reason::bad_key_record);
  EXPECT_EQ(PublicKey::decode(KeyType::rsa, Octets(most + 1, 0), {}).error().reason, Reason::key_too_large);
}

TEST(RsaPublicKeyDerForms, SayWhatIsWrong) {
  const auto sentence = [](const Octets& octets) {
    return PublicKey::decode(KeyType::rsa, octets, {}).error().sentence;
  };
  EXPECT_EQ(sentence({0x00}), "p= is not an RSA public key");
  EXPECT_EQ(sentence(key_of({0x00}, exponent())), "the RSA key has a modulus of 0");
}

// How long a key may be is not a matter of how it is written.
TEST(RsaPublicKeyDerForms, HaveAnyNumberOfBits) {
  const auto decoded = PublicKey::decode(KeyType::rsa, key_of({0x01}, exponent()), {});
  ASSERT_TRUE(decoded) << decoded.error().sentence;
  EXPECT_EQ(decoded->bits(), 1U);
  EXPECT_FALSE(decoded->recover_digest(Octets{0x01}));
}

TEST(RsaPublicKeyDerForms, HaveAnExponentThatIsOddAndOf32Bits) {
  for (const Octets& number : {Octets{0x03}, {0x05}, exponent(), {0x00, 0xff, 0xff, 0xff, 0xff}}) {
    EXPECT_TRUE(PublicKey::decode(KeyType::rsa, key_of(modulus(), number), {}));
  }
  const Octets of_64_bits = joined({{0x00}, Octets(8, 0xff)});
  const Octets of_65_bits = joined({{0x01}, Octets(7, 0x00), {0x03}});
  for (const Octets& number :
       {Octets{0x00}, {0x01}, {0x02}, {0x04}, {0x01, 0x00, 0x00, 0x00, 0x01}, of_64_bits, of_65_bits}) {
    const auto decoded = PublicKey::decode(KeyType::rsa, key_of(modulus(), number), {});
    ASSERT_FALSE(decoded) << encode_base64(number);
    EXPECT_EQ(decoded.error().reason, Reason::bad_key_exponent) << encode_base64(number);
  }
}

}  // namespace
}  // namespace tecs
