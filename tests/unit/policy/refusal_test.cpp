#include "milter/policy/refusal.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

Verification verified(Result result, const char* domain, std::optional<Reason> reason = std::nullopt) {
  Verification verification;
  verification.result = result;
  if (*domain != '\0') verification.domain = *Domain::parse(domain);
  if (reason) verification.error = Error{*reason, "internals"};
  return verification;
}

struct RejectionRow {
  Verification verification;
  std::optional<Reputation> reputation;
  const char* sentence;
};

TEST(Refusal, of_a_rejection_names_domain_and_reason) {
  for (const auto& [verification, reputation, sentence] :
       {RejectionRow{verified(Result::pass, "a.example"), Reputation::bad,
                     "mail from connections signed by a.example is not accepted here (reputation bad)"},
        {verified(Result::pass, "a.example"),
         {},
         "mail from connections signed by a.example is not accepted here"},
        {verified(Result::none, ""), {}, "mail from connections without TECS-1 is not accepted here"},
        {verified(Result::fail, "a.example", Reason::signature_mismatch),
         {},
         "mail from this connection is not accepted here: TECS-1 for a.example gave fail "
         "(signature-mismatch)"},
        {verified(Result::permerror, "", Reason::bad_base64),
         {},
         "mail from this connection is not accepted here: TECS-1 gave permerror (bad-base64)"}}) {
    const Refusal refusal = rejection(verification, reputation);
    EXPECT_STREQ(refusal.code, "550");
    EXPECT_STREQ(refusal.status, "5.7.1");
    EXPECT_EQ(refusal.sentence, sentence);
    EXPECT_FALSE(refusal.temporary());
  }
}

TEST(Refusal, of_greylisting_says_when_to_come_again) {
  const std::chrono::minutes delay{5};
  const Refusal refusal = greylisting(verified(Result::pass, "a.example"), delay);
  EXPECT_STREQ(refusal.code, "451");
  EXPECT_STREQ(refusal.status, "4.7.1");
  EXPECT_TRUE(refusal.temporary());
  EXPECT_EQ(refusal.sentence, "a.example is greylisted here, come again in 300 seconds or later");
  EXPECT_EQ(greylisting(verified(Result::fail, "a.example"), delay).sentence,
            "your network is greylisted here, come again in 300 seconds or later");
}

}  // namespace
}  // namespace tecs::test
