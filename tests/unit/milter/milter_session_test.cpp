#include "milter/milter_session.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "unit/milter/session_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using End = MilterSession::End;

using Session = test::SessionTest;
using test::pass;

std::string results_of(const std::optional<std::vector<FieldEdit>>& edits) {
  return edits->at(1).body;
}

std::vector<std::uint32_t> results_to_delete(const std::optional<std::vector<FieldEdit>>& edits) {
  return edits->at(1).deletions;
}

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
  mail(*session,
       {.parameters = {"BODY=8BITMIME", "SIZE=1000"}, .tls_version = "TLSv1.3", .auth_type = "TECS-1"});
  recipient(*session);
  recipient(*session);
  const auto edits = session->end_of_message();
  ASSERT_TRUE(edits);
  EXPECT_EQ(results_of(edits), "mx.example.net; tecs=pass smtp.auth=jgc.org");
  EXPECT_TRUE(results_to_delete(edits).empty());
  mail(*session, {.parameters = {"size=24"}, .tls_version = "TLSv1.3", .auth_type = "TECS-1"});
  recipient(*session);
  EXPECT_EQ(results_of(session->end_of_message()), "mx.example.net; tecs=pass smtp.auth=jgc.org");

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
  mail(*session, {.parameters = {"SIZE=1000"}});
  recipient(*session);
  session->header("Authentication-Results", "mx.example.net; tecs=pass");
  session->abort();
  mail(*session, {.parameters = {"SIZE=10"}});  // and this one ends without a word
  recipient(*session);
  session->header("Authentication-Results", "mx.example.net; tecs=pass");
  mail(*session);
  recipient(*session);
  const auto edits = session->end_of_message();
  EXPECT_TRUE(results_to_delete(edits).empty());
  EXPECT_EQ(results_of(edits), "mx.example.net; tecs=none");
  const Verdict verdict = session->close(End::closed);
  EXPECT_EQ(verdict.messages, 1U);
  EXPECT_EQ(verdict.recipients, 1U);
  EXPECT_EQ(verdict.bytes, 0U);
}

// Deleting the lower ones first would shift the others (CVE-2022-48521).
TEST_F(Session, ForgedFieldsAreDeletedFromTheHighestToTheLowest) {
  auto session = open();
  mail(*session);
  session->header("Authentication-Results", "mx.example.net; tecs=pass");               // 1
  session->header("Received", "from mx.example.net");                                   //
  session->header("AUTHENTICATION-RESULTS", "other.example; dkim=pass");                // 2
  session->header("authentication-results", "(x) \"MX.example.net\" 1;\n\ttecs=pass");  // 3
  session->header("X-Authentication-Results", "mx.example.net; tecs=pass");             //
  session->header("Authentication-Results", "unreadable junk here; tecs=pass");         // 4
  session->header("Authentication-Results", "other.example; none");                     // 5
  session->header("Authentication-Results", "mx.example.net;");                         // 6
  EXPECT_EQ(results_to_delete(session->end_of_message()), (std::vector<std::uint32_t>{6, 4, 3, 1}));
  mail(*session);
  session->header("Authentication-Results", "mx.example.net; tecs=pass");
  EXPECT_EQ(results_to_delete(session->end_of_message()), (std::vector<std::uint32_t>{1}))
      << "each message counts anew";
}

TEST_F(Session, TooManyForgedFieldsRefuseTheMessageAndOnlyThat) {
  auto session = open();
  const auto send = [&session](std::size_t count) {
    mail(*session, {.parameters = {"SIZE=5"}});
    recipient(*session);
    for (std::size_t i = 0; i < count; ++i)
      session->header("Authentication-Results", "mx.example.net; tecs=pass");
    return session->end_of_message();
  };
  EXPECT_EQ(results_to_delete(send(ForgedFields::maximum)).size(), ForgedFields::maximum);
  EXPECT_FALSE(send(ForgedFields::maximum + 1));
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
    mail(*session, {.parameters = {"SIZE=18446744073709551615"}});
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
  auto session = open(MilterConnection{});
  EXPECT_EQ(registry.size(), 0U);
  mail(*session);
  EXPECT_EQ(results_of(session->end_of_message()), "mx.example.net; tecs=none");
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

TEST_F(Session, WhatTheRegistryHadNoRoomForIsMissedThereUntilItEnds) {
  registry.set_maximum(0);
  auto first = open();
  auto second = open();
  EXPECT_TRUE(registry.incomplete());
  EXPECT_EQ(first->close(End::closed).result, Result::none);
  first.reset();
  EXPECT_TRUE(registry.incomplete());
  second.reset();
  EXPECT_FALSE(registry.incomplete());
}

TEST_F(Session, LeavesTheRegistryEvenWithoutClose) {
  auto session = open();
  EXPECT_EQ(registry.size(), 1U);
  session.reset();
  EXPECT_EQ(registry.size(), 0U);
}

}  // namespace
}  // namespace tecs
