#include "tecs/challenge.hpp"

#include <gtest/gtest.h>

#include "tecs/base64.hpp"

namespace tecs {
namespace {

struct Row {
  const char* name;
  std::string_view text;
  std::optional<std::string_view> want;  // formatted again; empty: refused
};

class ChallengeText : public testing::TestWithParam<Row> {};

TEST_P(ChallengeText, ParsesAndFormats) {
  const Row& row = GetParam();
  for (const bool base64 : {false, true}) {
    const auto parsed =
        base64 ? Challenge::parse_base64(encode_base64(octets_of(row.text))) : Challenge::parse(row.text);
    ASSERT_EQ(parsed.has_value(), row.want.has_value()) << (parsed ? "" : parsed.error().sentence);
    if (!parsed) {
      EXPECT_EQ(parsed.error().reason, Reason::bad_challenge);
      continue;
    }
    ASSERT_TRUE(*parsed);
    EXPECT_EQ((*parsed)->format(), *row.want);
    EXPECT_EQ(Challenge::parse((*parsed)->format()).value(), *parsed);
  }
}

const std::string longest =
    "c=198.51.100.7:40213; t=1; n=" + std::string(Challenge::maximum_octets - 29, 'x');
const std::string too_long = longest + "x";

INSTANTIATE_TEST_SUITE_P(
    Table, ChallengeText,
    testing::Values(
        Row{"ipv4", "c=198.51.100.7:40213; t=1170806410", "c=198.51.100.7:40213; t=1170806410"},
        Row{"ipv6", "c=[2001:db8::1]:40213; t=1170806410", "c=[2001:db8::1]:40213; t=1170806410"},
        Row{"mapped", "c=[::ffff:198.51.100.7]:40213;t=1", "c=198.51.100.7:40213; t=1"},
        Row{"other_order_and_white_space", "\tt = 1170806410 ;\r\n c\t=\r\n\t198.51.100.7:40213 ; ",
            "c=198.51.100.7:40213; t=1170806410"},
        Row{"unknown_tags", "v=2; c=198.51.100.7:40213; x=; t=1", "c=198.51.100.7:40213; t=1"},
        Row{"capitals_are_other_tags", "c=198.51.100.7:40213; t=1; C=x; T=x", "c=198.51.100.7:40213; t=1"},
        Row{"1970", "c=198.51.100.7:40213; t=0", "c=198.51.100.7:40213; t=0"},
        Row{"last_second", "c=198.51.100.7:40213; t=253402300799", "c=198.51.100.7:40213; t=253402300799"},
        Row{"as_long_as_may_be", longest, "c=198.51.100.7:40213; t=1"},  //
        Row{"too_long", too_long, {}}, Row{"white_space_alone", " ", {}}, Row{"semicolon_alone", ";", {}},
        Row{"no_tag_list", "198.51.100.7:40213", {}}, Row{"no_client", "t=1170806410", {}},
        Row{"no_time", "c=198.51.100.7:40213", {}}, Row{"empty_client", "c=; t=1170806410", {}},
        Row{"empty_time", "c=198.51.100.7:40213; t=", {}},
        Row{"client_twice", "c=198.51.100.7:40213; c=198.51.100.7:40213; t=1", {}},
        Row{"time_twice", "c=198.51.100.7:40213; t=1; t=1", {}},
        Row{"client_without_port", "c=198.51.100.7; t=1", {}}, Row{"port_0", "c=198.51.100.7:0; t=1", {}},
        Row{"ipv6_no_brackets", "c=2001:db8::1:25; t=1", {}},
        Row{"host_name", "c=client.example:25; t=1", {}}, Row{"scoped", "c=[fe80::1%eth0]:25; t=1", {}},
        Row{"unspecified", "c=0.0.0.0:25; t=1", {}},
        Row{"two_clients", "c=192.0.2.1:25,192.0.2.2:25; t=1", {}},
        Row{"time_negative", "c=198.51.100.7:40213; t=-1", {}},
        Row{"time_with_plus", "c=198.51.100.7:40213; t=+1", {}},
        Row{"time_with_fraction", "c=198.51.100.7:40213; t=1.5", {}},
        Row{"time_hexadecimal", "c=198.51.100.7:40213; t=0x1", {}},
        Row{"time_folded", "c=198.51.100.7:40213; t=11 70", {}},
        Row{"a_second_too_late", "c=198.51.100.7:40213; t=253402300800", {}},
        Row{"time_of_65_bits", "c=198.51.100.7:40213; t=18446744073709551616", {}},
        Row{"nul", std::string_view("c=198.51.100.7:40213\0; t=1", 26), {}},
        Row{"not_ascii", "c=198.51.100.7:40213; t=1; n=\xc3\xa9", {}},
        Row{"bare_line_feed", "c=198.51.100.7:40213;\nt=1", {}}),
    [](const auto& param) { return param.param.name; });

TEST(Challenge, OfNothingIsTheEmptyOneAndNoError) {
  ASSERT_TRUE(Challenge::parse(""));
  EXPECT_FALSE(Challenge::parse("").value());
  ASSERT_TRUE(Challenge::parse_base64(""));
  EXPECT_FALSE(Challenge::parse_base64("").value());
}

TEST(Challenge, IsBoundedBeforeItIsDecoded) {
  // It is not even base64.
  EXPECT_EQ(Challenge::parse_base64(std::string(685, '*')).error().sentence,
            "the server's challenge is longer than 512 octets");
  EXPECT_EQ(Challenge::parse_base64(std::string(10'000'000, 'A')).error().reason, Reason::bad_challenge);
  EXPECT_EQ(Challenge::parse(std::string(10'000'000, ';')).error().reason, Reason::bad_challenge);
}

TEST(Challenge, RefusesWhatIsNotBase64) {
  for (const char* const text : {"!!!!", "Yz0", "Yz0=\n", "=", "334 "}) {
    EXPECT_EQ(Challenge::parse_base64(text).error().reason, Reason::bad_challenge) << text;
    EXPECT_EQ(Challenge::parse_base64(text).error().sentence, "the server's challenge is not base64") << text;
  }
}

// The sentence goes into logs, and the challenge is a stranger's.
TEST(Challenge, AnErrorRepeatsNothingOfWhatWasSent) {
  for (const char* const text : {"c=secret\x1b[0m; t=1", "c=secret; t=1", "c=192.0.2.1:25; t=secret"}) {
    EXPECT_EQ(Challenge::parse(text).error().sentence.find("secret"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace tecs
