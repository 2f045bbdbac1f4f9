#include "tecs/base64.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::string_view text;
  std::optional<std::string_view> want;
};

class Base64 : public testing::TestWithParam<Row> {};

TEST_P(Base64, Decodes) {
  const auto octets = decode_base64(GetParam().text);
  ASSERT_EQ(octets.has_value(), GetParam().want.has_value());
  if (octets) {
    EXPECT_EQ(text_of(*octets), *GetParam().want);
    EXPECT_EQ(encode_base64(*octets), GetParam().text);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Base64,
    testing::Values(Row{"empty", "", ""}, Row{"one_octet", "Zg==", "f"}, Row{"two_octets", "Zm8=", "fo"},
                    Row{"three_octets", "Zm9v", "foo"}, Row{"four_octets", "Zm9vYg==", "foob"},
                    Row{"all_digits", "+/+/", "\xFB\xFF\xBF"}, Row{"no_padding", "Zg", {}},
                    Row{"half_padding", "Zg=", {}}, Row{"only_padding", "====", {}},
                    Row{"three_padding", "Z===", {}}, Row{"padding_inside", "Zg==Zg==", {}},
                    Row{"unused_bits_two", "Zh==", {}}, Row{"unused_bits_one", "Zm9=", {}},
                    Row{"white_space", "Zm 9", {}}, Row{"line_end", "Zm9v\n", {}},
                    Row{"leading_space", " Zm9", {}}, Row{"url_alphabet", "_-_-", {}},
                    Row{"high_octet", "Zm9\xFF", {}}, Row{"nul", std::string_view("Zm\0v", 4), {}}),
    [](const auto& param) { return param.param.name; });

TEST(Base64Digits, AreRefusedWhereverOneIsNone) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int octet = 0; octet < 256; ++octet) {
    const char digit = static_cast<char>(octet);
    for (std::size_t place = 0; place < 8; ++place) {
      std::string text = "Zm9vYmFy";
      text[place] = digit;
      EXPECT_EQ(decode_base64(text).has_value(), alphabet.find(digit) != std::string::npos)
          << octet << " at " << place;
    }
  }
}

TEST(Base64Octets, ComeBack) {
  Octets octets;
  for (int octet = 0; octet < 256; ++octet) {
    octets.push_back(static_cast<std::uint8_t>(octet * 89));
    EXPECT_EQ(decode_base64(encode_base64(octets)), octets);
  }
}

TEST(FoldedBase64, SkipsWhiteSpaceOnly) {
  const auto octets = decode_folded_base64("Zm\r\n 9v\tYg =\t=");
  ASSERT_TRUE(octets);
  EXPECT_EQ(text_of(*octets), "foob");
  EXPECT_FALSE(decode_folded_base64("Zm-9v"));
}

}  // namespace
}  // namespace tecs
