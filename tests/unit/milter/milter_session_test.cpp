#include "milter/milter_session.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using End = MilterSession::End;

Endpoint endpoint(const char* text) {
  return *Endpoint::parse(text);
}

Authentication pass(const char* domain) {
  Authentication made;
  made.verification.result = Result::pass;
  made.verification.domain = *Domain::parse(domain);
  made.credential = "QUJD";
  return made;
}

class Session : public testing::Test {
 protected:
  std::unique_ptr<MilterSession> open() {
    return std::make_unique<MilterSession>(
        registry, clock, id, MilterConnection{endpoint("198.51.100.7:40213"), endpoint("192.0.2.25:25"), 11});
  }
  // What the SASL door does when the signature of this connection is verified.
  void mark(Authentication authentication) {
    const auto found = registry.candidates({*IpAddress::parse("198.51.100.7"), 40213, {}, {}, {}});
    ASSERT_EQ(found.size(), 1U);
    registry.mark(found[0].session, std::move(authentication));
  }

  test::HandClock clock;
  SessionRegistry registry;
  AuthservId id = *AuthservId::parse("mx.example.net");
};

TEST_F(Session, ConnectionWithoutMail) {
  auto session = open();
  clock.advance(1500us);
  session->helo("client.example", "");
  const Verdict verdict = session->close(End::closed);
  EXPECT_EQ(verdict.result, Result::none);
  EXPECT_EQ(verdict.receiver, "mx.example.net");
  EXPECT_EQ(verdict.client, "198.51.100.7:40213");
  EXPECT_EQ(verdict.server, "192.0.2.25:25");
  EXPECT_EQ(verdict.helo, "client.example");
  EXPECT_EQ(verdict.tls + verdict.reason + verdict.detail + verdict.id, "");
  EXPECT_EQ(verdict.duration, 1500us);
  EXPECT_EQ(verdict.time, Verdict::Time{1170806410s});
  EXPECT_EQ(verdict.messages, 0U);
}

TEST_F(Session, SignedConnectionWithTwoMessages) {
  auto session = open();
  session->helo("client.example", "");
  session->helo("client.example", "TLSv1.3");
  mark(pass("jgc.org"));
  session->mail({"BODY=8BITMIME", "SIZE=1000"}, "TLSv1.3");
  session->recipient();
  session->recipient();
  const auto edits = session->end_of_message();
  ASSERT_TRUE(edits);
  EXPECT_EQ(edits->authentication_results, "mx.example.net; tecs=pass smtp.auth=jgc.org");
  EXPECT_TRUE(edits->deletions.empty());
  session->mail({"size=24"}, "TLSv1.3");
  session->recipient();
  EXPECT_EQ(session->end_of_message()->authentication_results, "mx.example.net; tecs=pass smtp.auth=jgc.org");

  const Verdict verdict = session->close(End::closed);
  EXPECT_EQ(verdict.result, Result::pass);
  EXPECT_EQ(verdict.domain, "jgc.org");
  EXPECT_EQ(verdict.credential, "QUJD");
  EXPECT_EQ(verdict.tls, "TLSv1.3");
  EXPECT_EQ(verdict.messages, 2U);
  EXPECT_EQ(verdict.recipients, 3U);
  EXPECT_EQ(verdict.bytes, 1024U);
  EXPECT_EQ(registry.size(), 0U);
}

TEST_F(Session, WhatWasAbortedDoesNotCount) {
  auto session = open();
  session->mail({"SIZE=1000"}, "");
  session->recipient();
  session->header("Authentication-Results", "mx.example.net; tecs=pass");
  session->abort();
  session->mail({"SIZE=10"}, "");  // and this one ends without a word
  session->recipient();
  session->header("Authentication-Results", "mx.example.net; tecs=pass");
  session->mail({}, "");
  session->recipient();
  const auto edits = session->end_of_message();
  EXPECT_TRUE(edits->deletions.empty());
  EXPECT_EQ(edits->authentication_results, "mx.example.net; tecs=none");
  const Verdict verdict = session->close(End::closed);
  EXPECT_EQ(verdict.messages, 1U);
  EXPECT_EQ(verdict.recipients, 1U);
  EXPECT_EQ(verdict.bytes, 0U);
}

// Deleting the lower ones first would shift the others (CVE-2022-48521).
TEST_F(Session, ForgedFieldsAreDeletedFromTheHighestToTheLowest) {
  auto session = open();
  session->mail({}, "");
  session->header("Authentication-Results", "mx.example.net; tecs=pass");               // 1
  session->header("Received", "from mx.example.net");                                   //
  session->header("AUTHENTICATION-RESULTS", "other.example; dkim=pass");                // 2
  session->header("authentication-results", "(x) \"MX.example.net\" 1;\n\ttecs=pass");  // 3
  session->header("X-Authentication-Results", "mx.example.net; tecs=pass");             //
  session->header("Authentication-Results", "unreadable junk here; tecs=pass");         // 4
  session->header("Authentication-Results", "other.example; none");                     // 5
  session->header("Authentication-Results", "mx.example.net;");                         // 6
  EXPECT_EQ(session->end_of_message()->deletions, (std::vector<std::uint32_t>{6, 4, 3, 1}));
  session->mail({}, "");
  session->header("Authentication-Results", "mx.example.net; tecs=pass");
  EXPECT_EQ(session->end_of_message()->deletions, (std::vector<std::uint32_t>{1}))
      << "each message counts anew";
}

TEST_F(Session, TooManyForgedFieldsRefuseTheMessageAndOnlyThat) {
  auto session = open();
  const auto send = [&session](std::size_t count) {
    session->mail({"SIZE=5"}, "");
    session->recipient();
    for (std::size_t i = 0; i < count; ++i)
      session->header("Authentication-Results", "mx.example.net; tecs=pass");
    return session->end_of_message();
  };
  EXPECT_EQ(send(MilterSession::maximum_forged)->deletions.size(), MilterSession::maximum_forged);
  EXPECT_FALSE(send(MilterSession::maximum_forged + 1));
  EXPECT_FALSE(send(100'000));
  EXPECT_TRUE(send(0));
  const Verdict verdict = session->close(End::closed);
  EXPECT_EQ(verdict.messages, 2U);
  EXPECT_EQ(verdict.recipients, 2U);
  EXPECT_EQ(verdict.bytes, 10U);
}

TEST_F(Session, DeclaredSizesDoNotOverflow) {
  auto session = open();
  for (int i = 0; i < 3; ++i) {
    session->mail({"SIZE=18446744073709551615"}, "");
    std::ignore = session->end_of_message();
  }
  const auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(session->close(End::closed).bytes, largest);
}

TEST_F(Session, AStrangersTextIsMadePrintable) {
  auto session = open();
  session->helo("evil\r\n\x1b[31m" + std::string(1000, 'a'), std::string(100, 'T'));
  const Verdict verdict = session->close(End::closed);
  EXPECT_TRUE(verdict.helo.starts_with("evil\\x0D\\x0A\\x1B[31m")) << verdict.helo;
  EXPECT_LT(verdict.helo.size(), 300U);
  EXPECT_LT(verdict.tls.size(), 40U);
}

TEST_F(Session, ClientWithoutEndpoint) {
  auto session = std::make_unique<MilterSession>(registry, clock, id, MilterConnection{});
  EXPECT_EQ(registry.size(), 0U);
  session->mail({}, "");
  EXPECT_EQ(session->end_of_message()->authentication_results, "mx.example.net; tecs=none");
  const Verdict verdict = session->close(End::closed);
  EXPECT_EQ(verdict.result, Result::none);
  EXPECT_EQ(verdict.client + verdict.server, "");
}

TEST_F(Session, InterruptedKeepsWhatIsKnown) {
  auto unsigned_session = open();
  EXPECT_EQ(unsigned_session->close(End::interrupted).detail,
            "interrupted: the receiver stopped before the connection ended");
  auto session = open();
  mark(pass("jgc.org"));
  const Verdict verdict = session->close(End::interrupted);
  EXPECT_EQ(verdict.result, Result::pass);
  EXPECT_EQ(verdict.detail, "pass; interrupted: the receiver stopped before the connection ended");
}

TEST_F(Session, LeavesTheRegistryEvenWithoutClose) {
  auto session = open();
  EXPECT_EQ(registry.size(), 1U);
  session.reset();
  EXPECT_EQ(registry.size(), 0U);
}

}  // namespace
}  // namespace tecs
