#include "smtp/auth_command.hpp"

#include <gtest/gtest.h>

#include "tecs/base64.hpp"

namespace tecs {
namespace {

enum class Want { all_tags, without_defaults, after_the_334 };

struct Row {
  const char* name;
  Algorithm algorithm;
  std::size_t signature_octets;
  std::string domain;
  std::string selector;  // empty: none
  Want want;
};

class Auth : public testing::TestWithParam<Row> {
 protected:
  static Credential credential() {
    const Row& row = GetParam();
    std::optional<Selector> selector;
    if (!row.selector.empty()) selector = *Selector::parse(row.selector);
    return {row.algorithm, *Domain::parse(row.domain), selector, Octets(row.signature_octets, 0xa5)};
  }
};

TEST_P(Auth, keeps_to_512_octets) {
  const Credential sent = credential();
  const AuthCommand command = make_auth_command(sent);
  const auto line_with = [&sent](Credential::Defaults defaults) {
    return "AUTH TECS-1 " + encode_base64(octets_of(sent.format(defaults))) + "\r\n";
  };
  EXPECT_LE(command.line.size(), 512U);
  EXPECT_LE(command.response.size(), 12'288U);
  switch (GetParam().want) {
    case Want::all_tags:
      EXPECT_EQ(command.line, line_with(Credential::Defaults::written));
      EXPECT_EQ(command.response, "");
      break;
    case Want::without_defaults:
      EXPECT_GT(line_with(Credential::Defaults::written).size(), 512U);
      EXPECT_EQ(command.line, line_with(Credential::Defaults::left_out));
      EXPECT_EQ(command.response, "");
      break;
    case Want::after_the_334:
      EXPECT_GT(line_with(Credential::Defaults::left_out).size(), 512U);
      EXPECT_EQ(command.line, "AUTH TECS-1\r\n");
      EXPECT_EQ(command.response, encode_base64(octets_of(sent.format())) + "\r\n");
      break;
  }
}

TEST_P(Auth, can_be_read_back) {
  const Credential sent = credential();
  const AuthCommand command = make_auth_command(sent);
  const std::string& carrier = command.response.empty() ? command.line : command.response;
  const std::size_t begin = command.response.empty() ? std::string("AUTH TECS-1 ").size() : 0;
  const auto read = Credential::parse_base64(carrier.substr(begin, carrier.size() - begin - 2));
  ASSERT_TRUE(read) << read.error().sentence;
  EXPECT_EQ(read->domain, sent.domain);
  EXPECT_EQ(read->selector, sent.selector);
  EXPECT_EQ(read->algorithm, sent.algorithm);
  EXPECT_EQ(read->signature, sent.signature);
}

const std::string longest_domain = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                                   std::string(63, 'c') + "." + std::string(61, 'd');

// The line of an RSA-2048 credential has 520 octets with all tags for jgc.org (PROTOCOL section 1: "some
// 518").
INSTANTIATE_TEST_SUITE_P(
    Rows, Auth,
    testing::Values(
        Row{"ed25519", Algorithm::ed25519_sha256, 64, "jgc.org", "", Want::all_tags},
        Row{"ed25519_longest_domain", Algorithm::ed25519_sha256, 64, longest_domain, "", Want::all_tags},
        Row{"rsa_1024", Algorithm::rsa_sha256, 128, "jgc.org", "s1", Want::all_tags},
        Row{"rsa_2048", Algorithm::rsa_sha256, 256, "jgc.org", "", Want::without_defaults},
        Row{"rsa_2048_selector", Algorithm::rsa_sha256, 256, "jgc.org", "s1", Want::without_defaults},
        Row{"rsa_2048_long_names", Algorithm::rsa_sha256, 256, "mail.customers.example.org", "selector2026",
            Want::after_the_334},
        Row{"rsa_4096", Algorithm::rsa_sha256, 512, "jgc.org", "", Want::after_the_334},
        Row{"rsa_16384", Algorithm::rsa_sha256, 2048, longest_domain, "s1", Want::after_the_334}),
    [](const auto& row) { return row.param.name; });

// Every length around the limit: the signature's octets come in threes in base64.
TEST(AuthCommand, has_at_most_512_octets_whatever_the_length) {
  for (std::size_t octets = 200; octets < 300; ++octets) {
    const AuthCommand command = make_auth_command(
        {Algorithm::rsa_sha256, *Domain::parse("jgc.org"), std::nullopt, Octets(octets, 1)});
    EXPECT_LE(command.line.size(), 512U);
    EXPECT_EQ(command.response.empty(), command.line != "AUTH TECS-1\r\n");
  }
}

}  // namespace
}  // namespace tecs
