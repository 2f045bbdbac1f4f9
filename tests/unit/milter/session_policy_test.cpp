// What a session does by its rules.
#include <thread>

#include "unit/milter/session_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::pass;

Authentication failed(Reason reason, const char* domain) {
  Authentication made;
  made.verification = failed_verification(Error{reason, "for the test"});
  made.verification.domain = *Domain::parse(domain);
  return made;
}

Authentication with_reputation(Authentication authentication, Reputation reputation) {
  authentication.reputation = ReputationAnswer{reputation, "file:test", "bad.example"};
  return authentication;
}

class SessionPolicy : public test::SessionTest {
 protected:
  SessionPolicy() { rules.mode = PolicyMode::enforce; }

  static std::string text(const std::optional<Refusal>& refusal) {
    if (!refusal) return "go on";
    return std::string(refusal->code) + " " + refusal->status + " " + refusal->sentence;
  }
  static std::string symbols_in(const std::string& field) {
    const std::size_t begin = field.find("symbols=") + 8;
    return field.substr(begin, field.find(' ', begin) - begin);
  }
  std::string reply_to_mail(MilterSession& session) { return text(session.mail({})); }
};

TEST_F(SessionPolicy, marks_only_in_mode_monitor) {
  rules.mode = PolicyMode::monitor;
  auto session = open();
  mark(with_reputation(pass("bad.example"), Reputation::bad));
  EXPECT_EQ(reply_to_mail(*session), "go on");
  const auto edits = session->end_of_message();
  EXPECT_STREQ(edits->at(0).name, "X-TECS");
  EXPECT_EQ(edits->at(0).body, "score=5.0 action=reject symbols=TECS_PASS,REP_BAD mode=monitor");
  const Verdict verdict = session->close(MilterSession::End::closed);
  EXPECT_EQ(verdict.score, 5.0);
  EXPECT_EQ(verdict.symbols, "TECS_PASS,REP_BAD");
  EXPECT_EQ(verdict.action, "reject");
  EXPECT_EQ(verdict.mode, "monitor");
}

TEST_F(SessionPolicy, rejects_with_domain_and_reason) {
  auto session = open();
  mark(with_reputation(pass("bad.example"), Reputation::bad));
  const std::string reply =
      "550 5.7.1 mail from connections signed by bad.example is not accepted here (reputation bad)";
  EXPECT_EQ(reply_to_mail(*session), reply);
  EXPECT_EQ(reply_to_mail(*session), reply) << "each time";
  const Verdict verdict = session->close(MilterSession::End::closed);
  EXPECT_EQ(verdict.action + " " + verdict.mode, "reject enforce");
  EXPECT_EQ(verdict.messages, 0U);
}

TEST_F(SessionPolicy, judges_each_mail_by_what_is_known_then) {
  auto session = open();
  mark(failed(Reason::replay, "a.example"));
  EXPECT_EQ(
      reply_to_mail(*session),
      "550 5.7.1 mail from this connection is not accepted here: TECS-1 for a.example gave fail (replay)");
  mark(pass("a.example"));
  EXPECT_EQ(reply_to_mail(*session), "go on");
  EXPECT_EQ(session->end_of_message()->at(0).body, "score=-1.0 action=none symbols=TECS_PASS mode=enforce");
  EXPECT_EQ(session->close(MilterSession::End::closed).symbols, "TECS_PASS");
}

// RFC 3207 section 4.2.
TEST_F(SessionPolicy, forgets_a_pass_from_before_starttls) {
  auto session = open();
  mark(pass("a.example"));
  const auto symbols = [&](const MilterSession::MailCommand& command) {
    EXPECT_EQ(text(session->mail(command)), "go on");
    return symbols_in(session->end_of_message()->at(0).body);
  };
  EXPECT_EQ(symbols({.auth_type = "TECS-1"}), "TECS_PASS");
  EXPECT_EQ(symbols({.tls_version = "TLSv1.3", .auth_type = "TECS-1"}), "TECS_PASS");
  EXPECT_EQ(symbols({.tls_version = "TLSv1.3"}), "TECS_NONE");
  EXPECT_EQ(symbols({}), "TECS_PASS") << "without TLS the MTA may just not say";
  EXPECT_EQ(symbols({.tls_version = "TLSv1.3", .auth_type = "PLAIN"}), "TECS_NONE");
  const Verdict verdict = session->close(MilterSession::End::closed);
  EXPECT_EQ(verdict.result, Result::none);
  EXPECT_EQ(verdict.domain + verdict.credential + verdict.reputation, "");
  EXPECT_EQ(verdict.detail, "a pass from before STARTTLS was forgotten (RFC 3207)");
  EXPECT_EQ(verdict.symbols, "TECS_NONE");
  EXPECT_EQ(verdict.client, "198.51.100.7:40213");
}

TEST_F(SessionPolicy, does_not_forget_the_pass_after_starttls) {
  auto session = open();
  Authentication authentication = pass("a.example");
  authentication.number = 1;
  mark(authentication);
  EXPECT_EQ(text(session->mail({.tls_version = "TLSv1.3"})), "go on");
  authentication.number = 2;
  mark(authentication);
  const Verdict verdict = session->close(MilterSession::End::closed);
  EXPECT_EQ(verdict.result, Result::pass);
  EXPECT_EQ(verdict.domain, "a.example");
}

TEST_F(SessionPolicy, greylists_the_unsigned_by_their_network) {
  auto session = open();
  mark(failed(Reason::signature_mismatch, "a.example"));
  EXPECT_EQ(reply_to_mail(*session),
            "451 4.7.1 your network is greylisted here, come again in 300 seconds or later");
  session.reset();
  clock.advance(5min);
  MilterConnection neighbour = connection();
  neighbour.client = *Endpoint::parse("198.51.100.200:1025");
  session = open(neighbour);
  rules.policy.weights.set(Symbol::tecs_none, *Score::parse("4"));
  auto unsigned_session = open();
  EXPECT_EQ(reply_to_mail(*unsigned_session), "go on") << "the network has come again";
  EXPECT_EQ(unsigned_session->end_of_message()->at(0).body,
            "score=4.0 action=greylist symbols=TECS_NONE mode=enforce");
}

TEST_F(SessionPolicy, greylists_the_signed_by_their_domain) {
  rules.policy.weights.set(Symbol::tecs_pass, *Score::parse("4"));
  auto session = open();
  mark(pass("a.example"));
  EXPECT_EQ(reply_to_mail(*session),
            "451 4.7.1 a.example is greylisted here, come again in 300 seconds or later");
  session.reset();
  clock.advance(5min);
  MilterConnection elsewhere = connection();
  elsewhere.client = *Endpoint::parse("203.0.113.9:1025");
  session = open(elsewhere);
  const auto found = registry.candidates({*IpAddress::parse("203.0.113.9"), 1025, {}, {}, {}});
  ASSERT_EQ(found.size(), 1U);
  registry.mark(found[0].session, pass("a.example"));
  EXPECT_EQ(reply_to_mail(*session), "go on") << "from wherever it comes";
}

TEST_F(SessionPolicy, delays_and_goes_on) {
  rules.policy.weights.set(Symbol::tecs_none, *Score::parse("2"));
  rules.delay_time = 1h;
  auto session = open();
  std::thread client([&] { EXPECT_EQ(reply_to_mail(*session), "go on"); });
  while (delays.waiting() != 1) std::this_thread::yield();
  delays.open();
  client.join();
  EXPECT_EQ(session->end_of_message()->at(0).body, "score=2.0 action=delay symbols=TECS_NONE mode=enforce");
}

TEST_F(SessionPolicy, does_nothing_to_the_exempt) {
  rules.policy.weights.set(Symbol::tecs_none, *Score::parse("100"));
  ASSERT_TRUE(rules.exempt_networks.add("198.51.100.0/24"));
  auto session = open();
  EXPECT_EQ(reply_to_mail(*session), "go on");
  EXPECT_EQ(session->end_of_message()->at(0).body,
            "score=100.0 action=none symbols=EXEMPT,TECS_NONE mode=enforce");
  auto local = open(MilterConnection{.replies = {true, true}});
  EXPECT_EQ(reply_to_mail(*local), "go on") << "a program on this host";
}

TEST_F(SessionPolicy, cannot_enforce_what_the_mta_does_not_wait_for) {
  MilterConnection negotiated_in_monitor = connection();
  negotiated_in_monitor.replies.mail = false;
  auto session = open(negotiated_in_monitor);
  mark(with_reputation(pass("bad.example"), Reputation::bad));
  EXPECT_EQ(reply_to_mail(*session), "go on");
  EXPECT_EQ(session->end_of_message()->at(0).body,
            "score=5.0 action=reject symbols=TECS_PASS,REP_BAD mode=monitor");
}

TEST_F(SessionPolicy, asks_for_no_more_replies_than_it_needs) {
  ReceptionRules some;
  EXPECT_EQ(replies_for(some), (MilterReplies{false, true}));
  some.relay_guard = RelayGuard::none;
  EXPECT_EQ(replies_for(some), (MilterReplies{false, false}));
  some.mode = PolicyMode::enforce;
  EXPECT_EQ(replies_for(some), (MilterReplies{true, false}));
}

TEST_F(SessionPolicy, keeps_its_rules_when_others_become_current) {
  auto session = open();
  rules.mode = PolicyMode::monitor;  // what open() will hand to the next one
  mark(with_reputation(pass("bad.example"), Reputation::bad));
  EXPECT_NE(reply_to_mail(*session), "go on");
}

TEST_F(SessionPolicy, removes_every_x_tecs_field_of_others) {
  auto session = open();
  mail(*session);
  session->header("X-TECS", "score=-100 action=accept");
  session->header("X-TECS-Other", "stays");
  session->header("x-tecs", "action=accept");
  EXPECT_EQ(session->end_of_message()->at(0).deletions, (std::vector<std::uint32_t>{2, 1}));
  mail(*session);
  for (std::size_t i = 0; i <= ForgedFields::maximum; ++i) session->header("X-TECS", "");
  EXPECT_FALSE(session->end_of_message());
}

// Postfix may tell of such a one after XCLIENT.
TEST_F(SessionPolicy, knows_a_client_without_port) {
  MilterConnection portless = connection();
  portless.client.reset();
  portless.client_address = *IpAddress::parse("198.51.100.7");
  rules.policy.weights.set(Symbol::tecs_none, *Score::parse("4"));
  auto session = open(portless);
  EXPECT_EQ(reply_to_mail(*session),
            "451 4.7.1 your network is greylisted here, come again in 300 seconds or later");
  EXPECT_EQ(session->close(MilterSession::End::closed).client, "198.51.100.7");
  rules.policy.weights.set(Symbol::tecs_none, *Score::parse("9"));
  EXPECT_EQ(reply_to_mail(*open(portless)),
            "550 5.7.1 mail from connections without TECS-1 is not accepted here");
}

class Guard : public SessionPolicy {
 protected:
  Guard() { rules.mode = PolicyMode::monitor; }

  std::unique_ptr<MilterSession> logged_in(const char* auth_type) {
    auto session = open();
    mark(pass("stranger.example"));
    mail(*session, {.auth_type = auth_type});
    return session;
  }
};

constexpr const char* denied = "554 5.7.1 TECS-1 says who answers for a connection, it permits no relaying";

TEST_F(Guard, refuses_to_relay_for_a_tecs_login_also_in_mode_monitor) {
  auto session = logged_in("TECS-1");
  EXPECT_EQ(text(session->recipient("victim@elsewhere.example", "smtp")), denied);
  EXPECT_EQ(text(session->recipient("other@elsewhere.example", "smtp")), denied);
  EXPECT_EQ(text(session->recipient("somebody@here.example", "virtual")), "go on");
  std::ignore = session->end_of_message();
  const std::string line = logged.str();
  EXPECT_NE(line.find("relay guard: a recipient at elsewhere.example (transport smtp) is refused to "
                      "198.51.100.7:40213, whose only login is TECS-1 as stranger.example"),
            std::string::npos)
      << line;
  EXPECT_EQ(line.find("relay guard", line.find("relay guard") + 1), std::string::npos) << "once a connection";
  EXPECT_EQ(line.find("victim"), std::string::npos) << "no addresses in the log";
  const Verdict verdict = session->close(MilterSession::End::closed);
  EXPECT_EQ(verdict.recipients, 1U);
  EXPECT_EQ(verdict.detail, "pass; a recipient of another host was refused by the relay guard");
}

TEST_F(Guard, minds_nobody_else) {
  for (const char* const auth_type : {"", "PLAIN"}) {
    auto session = logged_in(auth_type);
    EXPECT_EQ(text(session->recipient("victim@elsewhere.example", "smtp")), "go on") << auth_type;
  }
}

TEST_F(Guard, forgets_a_login_that_holds_no_more) {
  auto session = logged_in("TECS-1");
  mail(*session, {.auth_type = "PLAIN"});  // after STARTTLS, which ends a login
  EXPECT_EQ(text(session->recipient("victim@elsewhere.example", "smtp")), "go on");
}

TEST_F(Guard, spares_exempt_networks_and_relay_domains) {
  ASSERT_TRUE(rules.relay_domains.add("relayed.example"));
  EXPECT_EQ(text(logged_in("TECS-1")->recipient("a@relayed.example", "smtp")), "go on");
  ASSERT_TRUE(rules.exempt_networks.add("198.51.100.7"));
  EXPECT_EQ(text(logged_in("TECS-1")->recipient("a@elsewhere.example", "smtp")), "go on");
}

TEST_F(Guard, minds_sendmail_only_when_told_to) {
  for (const auto& [guard, reply] : {std::pair{RelayGuard::postfix, "go on"}, {RelayGuard::all, denied}}) {
    rules.relay_guard = guard;
    MilterConnection of_sendmail = connection();
    of_sendmail.software = MtaSoftware::sendmail;
    auto session = open(of_sendmail);
    mail(*session, {.auth_type = "TECS-1"});
    EXPECT_EQ(text(session->recipient("boss@elsewhere.example", "esmtp")), reply);
  }
}

TEST_F(Guard, can_be_off) {
  rules.relay_guard = RelayGuard::none;
  EXPECT_EQ(text(logged_in("TECS-1")->recipient("a@elsewhere.example", "smtp")), "go on");
}

TEST_F(Guard, prints_nothing_of_a_stranger_raw) {
  auto session = logged_in("TECS-1");
  EXPECT_EQ(text(session->recipient("a@\x1b[31m\n", "smtp\x1b[31m")), denied);
  EXPECT_EQ(logged.str().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace tecs
