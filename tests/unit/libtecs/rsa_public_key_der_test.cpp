// Of all the spellings of a key one is read, whatever else OpenSSL would take.
#include <gtest/gtest.h>

#include <initializer_list>

#include "tecs/public_key.hpp"

namespace tecs {
namespace {

constexpr std::uint8_t sequence = 0x30;
constexpr std::uint8_t integer = 0x02;
constexpr std::uint8_t bit_string = 0x03;

Octets joined(std::initializer_list<Octets> parts) {
  Octets octets;
  for (const Octets& part : parts) octets.insert(octets.end(), part.begin(), part.end());
  return octets;
}

// Contents of 256 octets and more, or of less than 128.
Octets der(std::uint8_t tag, const Octets& contents) {
  const auto low = static_cast<std::uint8_t>(contents.size());
  const auto high = static_cast<std::uint8_t>(contents.size() >> 8);
  return joined({high == 0 ? Octets{tag, low} : Octets{tag, 0x82, high, low}, contents});
}

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
  return der(sequence, joined({der(integer, n), der(integer, e)}));
}

Octets key() {
  return key_of(modulus(), exponent());
}

Octets info_of(const Octets& identifier, const Octets& bits) {
  return der(sequence, joined({der(sequence, identifier), der(bit_string, bits)}));
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
            der(sequence, joined({der(integer, modulus()), der(integer, exponent()), {0x02, 0x01, 0x01}}))},
        Row{"one_number", der(sequence, der(integer, modulus()))},
        Row{"a_number_that_is_text", der(sequence, joined({der(integer, modulus()), der(0x04, exponent())}))},
        Row{"an_empty_number", key_of(modulus(), {})}, Row{"a_modulus_of_0", key_of({0x00}, exponent())},
        Row{"a_negative_modulus", key_of(without_first(modulus()), exponent())},
        Row{"a_negative_exponent", key_of(modulus(), {0xfd})},
        Row{"a_modulus_with_a_zero_too_many", key_of(joined({{0x00}, modulus()}), exponent())},
        Row{"an_exponent_with_a_zero_too_many", key_of(modulus(), joined({{0x00}, exponent()}))},
        Row{"a_length_in_a_longer_form",
            der(sequence, joined({der(integer, modulus()), {integer, 0x81, 0x03}, exponent()}))},
        Row{"no_length",
            joined({{sequence, 0x80}, der(integer, modulus()), der(integer, exponent()), {0x00, 0x00}})},
        Row{"no_parameters", info_of(object_identifier(1), joined({{0x00}, key()}))},
        Row{"parameters_that_are_not_null",
            info_of(joined({object_identifier(1), {0x04, 0x00}}), joined({{0x00}, key()}))},
        Row{"another_algorithm", info_of(algorithm(rsassa_pss), joined({{0x00}, key()}))},
        Row{"unused_bits", info_of(algorithm(rsa_encryption), joined({{0x01}, key()}))},
        Row{"an_empty_bit_string", info_of(algorithm(rsa_encryption), {0x00})},
        Row{"a_bit_string_of_nothing", info_of(algorithm(rsa_encryption), {})},
        Row{"a_key_that_is_no_bit_string",
            der(sequence, joined({der(sequence, algorithm(rsa_encryption)), der(0x04, key())}))},
        Row{"an_info_in_an_info", info_of(algorithm(rsa_encryption), joined({{0x00}, whole_info()}))}),
    [](const auto& param) { return param.param.name; });

TEST(RsaPublicKeyDerForms, AreBothRead) {
  for (const Octets& octets : {key(), whole_info()}) {
    const auto decoded = PublicKey::decode(KeyType::rsa, octets, {});
    ASSERT_TRUE(decoded) << decoded.error().sentence;
    EXPECT_EQ(decoded->bits(), 2048U);
  }
}

}  // namespace
}  // namespace tecs
