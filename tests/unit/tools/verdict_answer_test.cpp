#include "tools/verdict_answer.hpp"

#include "unit/tools/explain_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class VerdictAnswerTest : public ExplainTest {};

TEST_F(VerdictAnswerTest, AnswersForEachReason) {
  for (unsigned i = 0; i <= static_cast<unsigned>(Reason::replay_unknown); ++i) {
    const auto reason = static_cast<Reason>(i);
    SCOPED_TRACE(word(reason));
    const Ran ran = explain(refused(verdict(key_), result_of(reason), reason));
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_THAT(ran.out, HasSubstr("reason:       " + std::string(word(reason)) + "\n"));
    EXPECT_THAT(ran.out,
                HasSubstr("\nWhy: AUTH was refused with " + std::string(word(result_of(reason))) + ", as "));
    EXPECT_THAT(ran.out, HasSubstr("\nWhat to do: "));
  }
}

TEST_F(VerdictAnswerTest, FindsOutWhyASignatureDoesNotFit) {
  struct Row {
    std::string test;
    Verdict made;
    std::string want;
  };
  const auto mismatch = [](const Verdict& made) {
    return refused(made, Result::fail, Reason::signature_mismatch);
  };
  for (const Row& row : {
           Row{"the client's clock", mismatch(verdict(key_, 240s)),
               "it was made for a time 240 seconds ahead of the receiver's.\nWhat to do: One of the two "
               "clocks"},
           Row{"the other way", mismatch(verdict(key_, -60s)),
               "it was made for a time 60 seconds behind the receiver's."},
           Row{"the client's address", mismatch(verdict(key_, 0s, "10.0.0.7:40213")),
               "the published key did make it, for other addresses, ports or another time than the receiver "
               "saw.\n"
               "What to do: Something between the two translates addresses."},
           Row{"a clock that is hours wrong", mismatch(verdict(key_, 7200s)),
               "the published key did make it, for other"},
           Row{"the key", mismatch(verdict(other_key_)),
               "another key than the published one made it.\nWhat to do: The sender has to publish the key"},
           Row{"a key that was changed since", mismatch(verdict(key_)),
               "by the key that the receiver knew then, but does by the one that is published now."},
       }) {
    EXPECT_THAT(why(row.made),
                AllOf(StartsWith("AUTH was refused with fail, as the signature does not fit this "
                                 "connection"),
                      HasSubstr(row.want)))
        << row.test;
  }
  publish(ed25519_);
  for (const auto& made :
       {verdict(ed25519_, 0s, "10.0.0.7:40213"), verdict(*SigningKey::generate(KeyType::ed25519, 0))}) {
    EXPECT_THAT(why(mismatch(made)),
                HasSubstr("the signature does not fit this connection and the key that is "
                          "published.\nWhat to do: The sender signs with another key, or saw"));
  }
  EXPECT_THAT(why(mismatch(verdict(ed25519_, 90s))), HasSubstr("a time 90 seconds ahead of the receiver's"));
}

// With the key that the receiver had, what is published now is of no matter.
TEST_F(VerdictAnswerTest, GoesByTheKeyThatWasKept) {
  struct Row {
    std::string test;
    const SigningKey& published;
    const SigningKey& had;
    Verdict made;
    std::string want;
  };
  for (const Row& row : {
           Row{"the client's clock, and the key was changed since", other_key_, key_, verdict(key_, 240s),
               "it was made for a time 240 seconds ahead of the receiver's."},
           Row{"a receiver that takes no other epoch", key_, key_, verdict(key_, 30s),
               "it was made for a time 30 seconds ahead of the receiver's."},
           Row{"the client's address, and the key was changed since", other_key_, key_,
               verdict(key_, 0s, "10.0.0.7:40213"), "the published key did make it, for other addresses"},
           Row{"another key", key_, key_, verdict(other_key_),
               "another key than the published one made it.\nWhat to do: The sender has to publish"},
           Row{"the receiver had the former key", key_, other_key_, verdict(key_),
               "by the key that the receiver knew then, but does by the one that is published now.\nWhat to "
               "do: The key was changed meanwhile."},
           Row{"the receiver had the former key, and another address", key_, other_key_,
               verdict(key_, 0s, "10.0.0.7:40213"),
               "the key that is published now made it, and not the one that the receiver knew then.\nWhat to "
               "do: The key was changed meanwhile."},
           Row{"nothing", key_, key_, verdict(key_),
               "but by what this verdict says it does.\nWhat to do: The verdict does not hold all"},
       }) {
    publish(row.published);
    const Verdict refusal = refused(kept(row.made, row.had), Result::fail, Reason::signature_mismatch);
    EXPECT_THAT(why(refusal), HasSubstr("as the signature does not fit this connection")) << row.test;
    EXPECT_THAT(why(refusal), HasSubstr(row.want)) << row.test;
  }
}

TEST_F(VerdictAnswerTest, APassStaysOneWhateverIsPublishedNow) {
  dns_.clear();
  EXPECT_THAT(why(kept(passed(verdict(key_)), key_)),
              StartsWith("The signature is right: jgc.org answers for this connection."));
  publish(other_key_);
  EXPECT_THAT(why(kept(passed(verdict(key_)), key_)),
              StartsWith("The signature is right: jgc.org answers for this connection."));
}

TEST_F(VerdictAnswerTest, APassThatItsOwnKeyDeniesIsNoEvidence) {
  for (const Verdict& made :
       {kept(passed(verdict(key_)), other_key_), kept(passed(verdict(key_, 0s, "10.0.0.7:40213")), key_)}) {
    EXPECT_THAT(why(made),
                AllOf(StartsWith("The verdict says that the signature is right, but by the key and "
                                 "the end points kept with it, it is not."),
                      HasSubstr("do not take this verdict for evidence")));
  }
}

TEST_F(VerdictAnswerTest, SaysWhatBecameOfTheMail) {
  struct Row {
    std::string action, mode, want;
  };
  for (const Row& row : {
           Row{"", "", "answers for this connection.\n"},
           Row{"none", "enforce", "; nothing was done about the mail.\n"},
           Row{"accept", "enforce", "; the mail was marked as accepted.\n"},
           Row{"reject", "enforce", "; the mail was rejected for its score.\n"},
           Row{"greylist", "enforce", "; the mail met 'greylist' for its score.\n"},
           Row{"delay", "enforce", "; the mail met 'delay' for its score.\n"},
           Row{"reject", "monitor",
               "; that is worth 'reject', which was only noted, as the receiver monitors.\n"},
       }) {
    Verdict made = passed(verdict(key_));
    made.action = row.action;
    made.mode = row.mode;
    EXPECT_THAT(why(made), EndsWith(row.want)) << row.action << row.mode;
  }
}

TEST_F(VerdictAnswerTest, ATestingDomainIsNotHeldToIt) {
  Verdict made = refused(verdict(other_key_), Result::fail, Reason::signature_mismatch);
  made.testing = true;
  EXPECT_THAT(why(made),
              HasSubstr("; the domain is testing (t=y), so that is scored as if it had not signed."));
}

}  // namespace
}  // namespace tecs
