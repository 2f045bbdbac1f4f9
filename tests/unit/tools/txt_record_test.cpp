#include "tools/txt_record.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(TxtRecord, IsALineOfAZoneFile) {
  EXPECT_EQ(format_txt_record("_domainkey.example.org", "v=DKIM1; k=ed25519; p=abc="),
            "_domainkey.example.org. 3600 IN TXT ( \"v=DKIM1; k=ed25519; p=abc=\" )\n");
}

TEST(TxtRecord, AStringHasAtMost255Octets) {
  struct Row {
    std::size_t octets;
    std::string want;
  };
  const std::string full = "\"" + std::string(255, 'x') + "\"";
  for (const Row& row :
       {Row{0, "\"\""}, Row{254, "\"" + std::string(254, 'x') + "\""}, Row{255, full},
        Row{256, full + " \"x\""}, Row{510, full + " " + full}, Row{511, full + " " + full + " \"x\""}}) {
    SCOPED_TRACE(row.octets);
    EXPECT_EQ(format_txt_record("a.org", std::string(row.octets, 'x')),
              "a.org. 3600 IN TXT ( " + row.want + " )\n");
  }
}

TEST(TxtRecord, QuotesAndBackslashesAreEscaped) {
  EXPECT_EQ(format_txt_record("a.org", R"(n="\)"), "a.org. 3600 IN TXT ( \"n=\\\"\\\\\" )\n");
}

TEST(TxtRecord, OfAKeyStandsWhereAVerifierLooksFirst) {
  const auto key = SigningKey::generate(KeyType::ed25519, 0);
  ASSERT_TRUE(key);
  const auto domain = *Domain::parse("example.org");
  EXPECT_EQ(format_key_txt_record(*key, domain, std::nullopt).substr(0, 36),
            "_domainkey.example.org. 3600 IN TXT ");
  EXPECT_EQ(format_key_txt_record(*key, domain, *Selector::parse("s1")).substr(0, 39),
            "s1._domainkey.example.org. 3600 IN TXT ");
}

}  // namespace
}  // namespace tecs
