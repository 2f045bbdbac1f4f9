// What is malformed is in tests/cases/verify; here stands how a credential is written, and bounds of its
// base64.
#include "tecs/credential.hpp"

#include <gtest/gtest.h>

#include "tecs/base64.hpp"

namespace tecs {
namespace {

Credential made(Algorithm algorithm, std::size_t signature_octets, std::optional<Selector> selector = {}) {
  return {algorithm, Domain::parse("jgc.org").value(), std::move(selector), Octets(signature_octets, 0)};
}

TEST(Credential, WritesAllTags) {
  EXPECT_EQ(made(Algorithm::rsa_sha256, 3).format(), "a=rsa-sha256; q=dns; d=jgc.org; b=AAAA");
  EXPECT_EQ(made(Algorithm::ed25519_sha256, 3, Selector::parse("s1").value()).format(),
            "a=ed25519-sha256; q=dns; d=jgc.org; s=s1; b=AAAA");
}

TEST(Credential, LeavesOutDefaultsOnly) {
  EXPECT_EQ(made(Algorithm::rsa_sha256, 3).format(Credential::Defaults::left_out), "d=jgc.org; b=AAAA");
  EXPECT_EQ(made(Algorithm::ed25519_sha256, 3).format(Credential::Defaults::left_out),
            "a=ed25519-sha256; d=jgc.org; b=AAAA");
}

TEST(Credential, ReadsWhatItWrote) {
  for (const auto defaults : {Credential::Defaults::written, Credential::Defaults::left_out}) {
    const Credential credential = made(Algorithm::ed25519_sha256, 64, Selector::parse("a.b").value());
    const auto read = Credential::parse(credential.format(defaults));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->algorithm, credential.algorithm);
    EXPECT_EQ(read->domain, credential.domain);
    EXPECT_EQ(read->selector, credential.selector);
    EXPECT_EQ(read->signature, credential.signature);
  }
}

TEST(Credential, TakesExactly4096Octets) {
  const std::string start = "d=jgc.org; b=AAAA; x=";
  const std::string longest = start + std::string(Credential::maximum_octets - start.size(), 'y');
  EXPECT_TRUE(Credential::parse_base64(encode_base64(octets_of(longest))));
  EXPECT_EQ(Credential::parse_base64(encode_base64(octets_of(longest + "y"))).error().reason,
            Reason::credential_too_long);
  EXPECT_EQ(decode_response(encode_base64(octets_of(longest))).value(), longest);
  EXPECT_EQ(decode_response(encode_base64(octets_of(longest + "y"))).error().reason,
            Reason::credential_too_long);
  EXPECT_EQ(Credential::parse_base64(std::string(1 << 20, 'A')).error().reason, Reason::credential_too_long);
  // It is not even base64, and is not looked at.
  EXPECT_EQ(decode_response(std::string(1 << 20, '*')).error().reason, Reason::credential_too_long);
}

TEST(Credential, KnowsAQueryMethodWithinAnyWhiteSpace) {
  for (const char* list :
       {"dns", "dns/txt", "x:dns", "dns:x", "x : dns : y", " \t dns \t :x", "::dns", "x:\r\n dns\r\n :"}) {
    EXPECT_TRUE(Credential::parse("d=jgc.org; b=AAAA; q=" + std::string(list))) << list;
  }
  for (const char* list : {"", ":", "x", "d ns", "dns/", "x:DNS", "dnsdns", " : \t : x "}) {
    const auto credential = Credential::parse("d=jgc.org; b=AAAA; q=" + std::string(list));
    ASSERT_FALSE(credential) << list;
    EXPECT_EQ(credential.error().reason, Reason::unknown_query) << list;
  }
}

TEST(Credential, NeedsBase64) {
  for (const char* text : {"=", "a", "YT1y\n", "YT1y YT1y", "\xFF\xFF\xFF\xFF"}) {
    EXPECT_EQ(Credential::parse_base64(text).error().reason, Reason::bad_base64) << text;
  }
}

}  // namespace
}  // namespace tecs
