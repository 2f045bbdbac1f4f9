#include "tools/probe_session.hpp"

#include <gmock/gmock.h>

#include "tecs/base64.hpp"
#include "tecs/verifier.hpp"
#include "unit/tools/command_run.hpp"
#include "unit/tools/played_server.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using Aim = ProbeSettings::Aim;

ConnectionTuple tuple_of(const char* source) {
  return ConnectionTuple::make(*Endpoint::parse("192.0.2.25:25"), *Endpoint::parse(source)).value();
}

struct Row {
  const char* name;
  Aim aim;
  TlsDemand tls;
  const char* script;
  ProbeOutcome want;
  const char* want_meaning;  // of the step that decides
};

const std::string challenge_334 =
    "S: 334 " + encode_base64(octets_of("c=203.0.113.9:40213; t=1170806440")) + "\n";

const std::vector<Row>& rows() {
  static const std::string with_challenge = std::string(
                                                "S: 220 mx\nC: EHLO relay.example\nS: 250-mx\nS: 250 AUTH "
                                                "TECS-1\nC: AUTH TECS-1\n") +
                                            challenge_334;
  static const std::string challenge_signed = with_challenge + "C: YT1*\nS: 235 ok\nC: QUIT\nS: 221 bye\n";
  static const std::string challenge_heard = with_challenge + "C: *\nS: 501 cancelled\nC: QUIT\nS: 221 bye\n";
  static const std::vector<Row> all{
      {"takes the signature", Aim::sign, TlsDemand::opportunistic,
       "S: 220-mx\n S: 220 ESMTP\n C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH PLAIN TECS-1\n"
       "C: AUTH TECS-1 YT1*\n S: 235 2.7.0 ok\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::accepted, "takes it"},
      {"only looks", Aim::look, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH TECS-1\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::offered, "can be given here"},
      {"after TLS", Aim::sign, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 STARTTLS\n C: STARTTLS\n S: 220 go\n TLS\n"
       "C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH TECS-1\n C: AUTH TECS-1 *\n S: 235 ok\n C: QUIT\n"
       "S: 221 bye\n",
       ProbeOutcome::accepted, "takes it"},
      {"offered in the clear and not after TLS", Aim::sign, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250-AUTH TECS-1\n S: 250 STARTTLS\n C: STARTTLS\n"
       "S: 220 go\n TLS\n C: EHLO relay.example\n S: 250 mx\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::not_offered, "does not offer AUTH TECS-1"},
      {"TLS is not wanted", Aim::sign, TlsDemand::never,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250-STARTTLS\n S: 250 AUTH TECS-1\n"
       "C: AUTH TECS-1 *\n S: 235 ok\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::accepted, "takes it"},
      {"TLS is demanded and not there", Aim::sign, TlsDemand::required,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH TECS-1\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::no_tls, "which --tls demands"},
      {"STARTTLS is refused and was demanded", Aim::sign, TlsDemand::required,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 STARTTLS\n C: STARTTLS\n S: 454 not now\n"
       "C: QUIT\n S: 221 bye\n",
       ProbeOutcome::no_tls, "then refuses it"},
      {"STARTTLS is refused and was not demanded", Aim::look, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 STARTTLS\n C: STARTTLS\n S: 454 not now\n"
       "C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH TECS-1\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::offered, "can be given here"},
      {"handshake fails", Aim::sign, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 STARTTLS\n C: STARTTLS\n S: 220 go\n TLS "
       "fails\n",
       ProbeOutcome::tls_failed, "wrong version number"},
      {"something is slipped in before TLS", Aim::look, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 STARTTLS\n C: STARTTLS\n S: 220 go\n"
       "S: 250 AUTH TECS-1\n TLS\n C: EHLO relay.example\n S: 250 mx\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::not_offered, "does not offer AUTH TECS-1"},
      {"not offered", Aim::sign, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH PLAIN\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::not_offered, "does not offer"},
      {"knows no EHLO", Aim::sign, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 502 what?\n C: QUIT\n S: 221 bye\n", ProbeOutcome::not_offered,
       "does not know EHLO"},
      {"refused", Aim::sign, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH TECS-1\n C: AUTH TECS-1 *\n"
       "S: 535 5.7.8 no\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::refused, "does not take the signature"},
      {"put off", Aim::sign, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH TECS-1\n C: AUTH TECS-1 *\n"
       "S: 454 4.7.0 later\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::put_off, "cannot check the signature now"},
      {"wants more than there is", Aim::sign, TlsDemand::opportunistic,
       "S: 220 mx\n C: EHLO relay.example\n S: 250-mx\n S: 250 AUTH TECS-1\n C: AUTH TECS-1 *\n S: 334 \n"
       "C: *\n S: 501 cancelled\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::refused, "AUTH is cancelled"},
      {"turned away", Aim::sign, TlsDemand::opportunistic, "S: 554 no mail here\n C: QUIT\n S: 221 bye\n",
       ProbeOutcome::turned_away, "takes no mail from here"},
      {"busy, and closes", Aim::sign, TlsDemand::opportunistic, "S: 421 too many\n", ProbeOutcome::busy,
       "now"},
      {"is not SMTP", Aim::sign, TlsDemand::opportunistic, "S: HTTP/1.1 400 Bad Request\n",
       ProbeOutcome::not_smtp, "This is not SMTP"},
      {"signs what the challenge says", Aim::challenge, TlsDemand::opportunistic, challenge_signed.c_str(),
       ProbeOutcome::accepted, "takes it"},
      {"only asks", Aim::ask, TlsDemand::opportunistic, challenge_heard.c_str(), ProbeOutcome::challenged,
       "AUTH is cancelled"},
      {"empty challenge", Aim::ask, TlsDemand::opportunistic,
       "S: 220 mx\nC: EHLO relay.example\nS: 250-mx\nS: 250 AUTH TECS-1\nC: AUTH TECS-1\nS: 334 \nC: *\n"
       "S: 501 cancelled\nC: QUIT\nS: 221 bye\n",
       ProbeOutcome::challenged, "AUTH is cancelled"},
      {"unreadable challenge", Aim::challenge, TlsDemand::opportunistic,
       "S: 220 mx\nC: EHLO relay.example\nS: 250-mx\nS: 250 AUTH TECS-1\nC: AUTH TECS-1\nS: 334 ????\n"
       "C: YT1*\nS: 235 ok\nC: QUIT\nS: 221 bye\n",
       ProbeOutcome::accepted, "takes it"},
  };
  return all;
}

class ProbeSession : public testing::Test {
 protected:
  ProbeRecord play(PlayedServer& server, Aim aim, TlsDemand tls, const SigningKey& key) {
    told_.clear();
    const ProbeTerms terms{{"relay.example", tls, aim},
                           {},
                           std::make_shared<const Signer>(*Domain::parse("jgc.org"), std::nullopt, key),
                           std::chrono::seconds(30)};
    return run_probe(server, terms, clock_, [this](const ProbeStep& step) { told_.push_back(step); });
  }

  const StoppedClock clock_;
  const SigningKey ed25519_ = *SigningKey::generate(KeyType::ed25519, 0);
  std::vector<ProbeStep> told_;
};

TEST_F(ProbeSession, GoesAsTheDialogueSays) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    PlayedServer server(row.script, tuple_of("198.51.100.7:40213"));
    const ProbeRecord record = play(server, row.aim, row.tls, ed25519_);
    EXPECT_EQ(word(record.outcome), word(row.want));
    EXPECT_TRUE(server.finished());
    ASSERT_GE(record.steps.size(), 1U);
    const std::size_t last = record.steps.size() - 1;
    const ProbeStep& decisive = record.steps[record.steps[last].name == "quit" ? last - 1 : last];
    EXPECT_THAT(decisive.meaning, HasSubstr(row.want_meaning));
    EXPECT_EQ(told_.size(), record.steps.size());
  }
}

// Whatever the server leaves out, it ends, and is called lost unless the answer was there already.
TEST_F(ProbeSession, EndsWhereverTheServerVanishes) {
  for (const Row& row : rows()) {
    const std::string script = row.script;
    for (std::size_t end = script.find('\n'); end != std::string::npos; end = script.find('\n', end + 1)) {
      SCOPED_TRACE(std::string(row.name) + ", up to\n" + script.substr(0, end));
      PlayedServer server(script.substr(0, end), tuple_of("198.51.100.7:40213"));
      const ProbeRecord record = play(server, row.aim, row.tls, ed25519_);
      EXPECT_NE(record.outcome, ProbeOutcome::none);
      if (record.outcome != row.want && record.outcome != ProbeOutcome::tls_failed) {
        EXPECT_EQ(word(record.outcome), "lost");
        EXPECT_THAT(record.steps.back().meaning, HasSubstr("broke off"));
      }
    }
  }
}

TEST_F(ProbeSession, SignsBothEndsAndTheTimeOfTheConnection) {
  PlayedServer server(rows()[0].script, tuple_of("198.51.100.7:40213"));
  const ProbeRecord record = play(server, Aim::sign, TlsDemand::never, ed25519_);
  ASSERT_TRUE(record.signature);
  EXPECT_EQ(record.signature->tuple, server.tuple());
  EXPECT_EQ(record.signature->epoch,
            Epoch::nearest(std::chrono::sys_seconds{std::chrono::seconds{1170806410}}));
}

TEST_F(ProbeSession, SignsTheAddressAndTheTimeOfTheChallengeAndItsOwnDestination) {
  const auto row = std::find_if(rows().begin(), rows().end(), [](const Row& each) {
    return each.aim == Aim::challenge && each.want == ProbeOutcome::accepted;
  });
  PlayedServer server(row->script, tuple_of("10.0.0.7:40213"));
  const ProbeRecord record = play(server, Aim::challenge, TlsDemand::never, ed25519_);
  ASSERT_TRUE(record.signature);
  EXPECT_EQ(record.signature->tuple.source().format(), "203.0.113.9:40213");
  EXPECT_EQ(record.signature->tuple.destination().format(), "192.0.2.25:25");
  EXPECT_EQ(record.signature->epoch.time().time_since_epoch().count(), 1170806430);
}

TEST_F(ProbeSession, LeavesAClockThatIsFarOffAlone) {
  const std::string script =
      "S: 220 mx\nC: EHLO relay.example\nS: 250-mx\nS: 250 AUTH TECS-1\nC: AUTH TECS-1\nS: 334 " +
      encode_base64(octets_of("c=203.0.113.9:40213; t=1170806531")) +
      "\nC: YT1*\nS: 235 ok\nC: QUIT\nS: 221 bye\n";
  PlayedServer server(script, tuple_of("10.0.0.7:40213"));
  const ProbeRecord record = play(server, Aim::challenge, TlsDemand::never, ed25519_);
  ASSERT_TRUE(record.signature);
  EXPECT_EQ(record.signature->epoch,
            Epoch::nearest(std::chrono::sys_seconds{std::chrono::seconds{1170806410}}));
}

// PROTOCOL section 1: what is too long for 512 octets comes after the 334, which is heard and not used.
TEST_F(ProbeSession, SendsALongCredentialAfterThe334) {
  const auto rsa = SigningKey::generate(KeyType::rsa, 4096);
  const std::string script =
      "S: 220 mx\nC: EHLO relay.example\nS: 250-mx\nS: 250 AUTH TECS-1\nC: AUTH TECS-1\n" + challenge_334 +
      "C: YT1*\nS: 235 ok\nC: QUIT\nS: 221 bye\n";
  PlayedServer server(script, tuple_of("198.51.100.7:40213"));
  const ProbeRecord record = play(server, Aim::sign, TlsDemand::never, *rsa);
  EXPECT_EQ(word(record.outcome), "accepted");
  EXPECT_EQ(record.signature->tuple, server.tuple());
  ASSERT_TRUE(record.challenge);
  EXPECT_EQ(record.challenge->client.format(), "203.0.113.9:40213");
}

TEST_F(ProbeSession, ShowsAStrangersOctetsAsText) {
  PlayedServer server("S: 220 mx \x1b[31m\x07\nC: EHLO relay.example\nS: 250 mx\nC: QUIT\nS: 221 bye\n",
                      tuple_of("198.51.100.7:40213"));
  const ProbeRecord record = play(server, Aim::look, TlsDemand::never, ed25519_);
  EXPECT_EQ(record.steps.at(0).reply.at(0), "220 mx \\x1B[31m\\x07");
}

}  // namespace
}  // namespace tecs
