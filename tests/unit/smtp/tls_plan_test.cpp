#include "smtp/tls_plan.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(TlsLevel, is_read_as_it_is_written) {
  for (const char* const text : {"none", "may", "encrypt", "verify", "dane"}) {
    const auto level = parse_tls_level(text);
    ASSERT_TRUE(level) << text;
    EXPECT_EQ(word(*level), text);
  }
}

TEST(TlsLevel, is_one_of_five_words) {
  for (const char* const text : {"", "May", "may ", "secure", "\x1b[31m"}) {
    const auto level = parse_tls_level(text);
    ASSERT_FALSE(level) << text;
    EXPECT_EQ(level.error().reason, Reason::bad_option);
  }
  EXPECT_EQ(parse_tls_level("se\ncure").error().sentence,
            "\"se\\x0Acure\" is not none, may, encrypt, verify or dane");
}

TEST(TlsPlan, authenticates_by_verification_or_by_records) {
  EXPECT_FALSE(TlsPlan{}.authenticates());
  EXPECT_FALSE(TlsPlan{.level = TlsLevel::dane}.authenticates());
  EXPECT_TRUE((TlsPlan{.level = TlsLevel::dane, .tlsa = {{3, 1, 1, ""}}}.authenticates()));
  EXPECT_TRUE(TlsPlan{.level = TlsLevel::verify}.authenticates());
}

TEST(TlsResult, has_a_word_for_the_log) {
  EXPECT_EQ(word(TlsResult::clear), "clear");
  EXPECT_EQ(word(TlsResult::encrypted), "encrypted");
  EXPECT_EQ(word(TlsResult::verified), "verified");
  EXPECT_EQ(word(TlsResult::dane), "dane");
  EXPECT_EQ(word(TlsResult::failed), "failed");
}

}  // namespace
}  // namespace tecs
