#include "milter/session_registry.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace tecs {
namespace {

Endpoint endpoint(const char* text) {
  return *Endpoint::parse(text);
}
IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

Authentication authentication(Result result, const std::string& credential = "QUJD") {
  Authentication made;
  made.verification.result = result;
  if (result != Result::pass) made.verification.error = Error{Reason::signature_mismatch, "not this one"};
  made.credential = credential;
  return made;
}

std::vector<std::string> sources(const std::vector<Candidate>& candidates) {
  std::vector<std::string> found;
  for (const Candidate& candidate : candidates) found.push_back(candidate.tuple.source().format());
  return found;
}

using Sources = std::vector<std::string>;

// Five connections that are open at the same time, oldest first.
class OpenConnections : public testing::Test {
 protected:
  SessionRegistry registry;
  SessionId first = *registry.open({endpoint("198.51.100.7:1001"), endpoint("192.0.2.25:25"), 11});
  SessionId second = *registry.open({endpoint("198.51.100.7:1002"), endpoint("192.0.2.25:25"), 12});
  SessionId third = *registry.open({endpoint("198.51.100.7:1003"), endpoint("192.0.2.26:25"), {}});
  SessionId other = *registry.open({endpoint("198.51.100.8:1001"), endpoint("192.0.2.25:25"), 14});
  SessionId serverless = *registry.open({endpoint("203.0.113.1:1001"), {}, {}});
};

TEST_F(OpenConnections, CandidatesAreThoseThatTheRequestMayMean) {
  struct Row {
    const char* name;
    SessionQuery query;
    Sources want;
  };
  const auto client = address("198.51.100.7");
  const auto server = address("192.0.2.25");
  const Row rows[] = {
      {"client address alone, newest first",
       {client, {}, {}, {}, {}},
       {"198.51.100.7:1003", "198.51.100.7:1002", "198.51.100.7:1001"}},
      {"both addresses, as Postfix gives them",
       {client, {}, server, {}, {}},
       {"198.51.100.7:1002", "198.51.100.7:1001"}},
      {"both ports, as a Cyrus plugin gives them", {client, 1001, server, 25, {}}, {"198.51.100.7:1001"}},
      {"another port of the client", {client, 4000, server, 25, {}}, {}},
      {"another port of the server", {client, 1001, server, 587, {}}, {}},
      {"a process that serves one of them", {client, {}, server, {}, 12}, {"198.51.100.7:1002"}},
      {"a process that serves none: whose process is known are out",
       {client, {}, {}, {}, 99},
       {"198.51.100.7:1003"}},
      {"a process with another client", {client, {}, server, {}, 14}, {}},
      {"another client", {address("198.51.100.8"), {}, {}, {}, {}}, {"198.51.100.8:1001"}},
      {"a client that has no connection", {address("198.51.100.9"), {}, {}, {}, {}}, {}},
      {"no client address", {{}, {}, server, {}, 11}, {}},
      {"the MTA did not tell the milter where the server is",
       {address("203.0.113.1"), {}, server, {}, {}},
       {}},
      {"but tells it now", {address("203.0.113.1"), 1001, server, 25, {}}, {"203.0.113.1:1001"}},
      {"now, but of the other family", {address("203.0.113.1"), 1001, address("2001:db8::25"), 25, {}}, {}},
      {"a port 0 is no end point", {address("203.0.113.1"), {}, server, 0, {}}, {}},
  };
  for (const Row& row : rows) EXPECT_EQ(sources(registry.candidates(row.query)), row.want) << row.name;
}

TEST_F(OpenConnections, TheTupleHasBothEnds) {
  const auto found = registry.candidates({address("198.51.100.7"), {}, address("192.0.2.26"), {}, {}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].session, third);
  EXPECT_EQ(found[0].tuple.destination(), endpoint("192.0.2.26:25"));
}

TEST_F(OpenConnections, OfAProcessOnlyTheNewestSessionCounts) {
  // The close of a process's former connection may still be on its way when the next one is opened.
  std::ignore = registry.open({endpoint("198.51.100.7:2000"), endpoint("192.0.2.25:25"), 12});
  const SessionQuery query{address("198.51.100.7"), {}, address("192.0.2.25"), {}, 12};
  EXPECT_EQ(sources(registry.candidates(query)), Sources{"198.51.100.7:2000"});
}

TEST_F(OpenConnections, WhoHasPassedIsNoCandidateAnyMore) {
  const SessionQuery query{address("198.51.100.7"), {}, address("192.0.2.25"), {}, {}};
  EXPECT_EQ(registry.mark(first, authentication(Result::pass)), SessionRegistry::Marking::marked);
  EXPECT_EQ(sources(registry.candidates(query)), Sources{"198.51.100.7:1002"});
}

TEST_F(OpenConnections, TheSoleSessionIsTheOneBesideWhichNoOtherIsOpen) {
  const SessionQuery query{address("198.51.100.7"), {}, address("192.0.2.25"), {}, {}};
  for (const Candidate& candidate : registry.candidates(query)) EXPECT_FALSE(candidate.sole);
  EXPECT_TRUE(registry.candidates({address("198.51.100.7"), {}, {}, {}, 12}).at(0).sole) << "a process";
  EXPECT_TRUE(registry.candidates({address("198.51.100.7"), 1002, {}, {}, {}}).at(0).sole) << "a port";
  registry.mark(first, authentication(Result::pass));
  EXPECT_FALSE(registry.candidates(query).at(0).sole) << "who has passed may send more";
  registry.close(first);
  EXPECT_TRUE(registry.candidates(query).at(0).sole);
}

TEST_F(OpenConnections, WhoHasPassedIsStillTheOneThatTheProcessOrThePortNames) {
  registry.mark(first, authentication(Result::pass));
  for (const SessionQuery& query : {SessionQuery{address("198.51.100.7"), {}, address("192.0.2.25"), {}, 11},
                                    SessionQuery{address("198.51.100.7"), 1001, {}, {}, {}}}) {
    const auto found = registry.candidates(query);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].session, first);
    EXPECT_TRUE(found[0].certain);
  }
  const auto vague = registry.candidates({address("198.51.100.7"), {}, address("192.0.2.26"), {}, {}});
  ASSERT_EQ(vague.size(), 1U);
  EXPECT_FALSE(vague[0].certain);
}

TEST_F(OpenConnections, TheOnlyClientIsToldWhetherItHasPassedOrNot) {
  const SessionQuery both{address("198.51.100.7"), {}, address("192.0.2.25"), {}, {}};
  EXPECT_FALSE(registry.only_client(both));
  registry.mark(first, authentication(Result::pass));
  EXPECT_FALSE(registry.only_client(both));
  registry.close(second);
  EXPECT_EQ(registry.only_client(both), endpoint("198.51.100.7:1001"));
  EXPECT_FALSE(registry.only_client({address("198.51.100.9"), {}, {}, {}, {}}));
}

TEST_F(OpenConnections, AttemptsAreCountedForEachAndEndWithIt) {
  EXPECT_EQ(registry.next_attempt(first), 1U);
  EXPECT_EQ(registry.next_attempt(first), 2U);
  EXPECT_EQ(registry.next_attempt(second), 1U);
  registry.close(first);
  EXPECT_EQ(registry.next_attempt(first), 0U);
}

TEST_F(OpenConnections, WhatIsCertainReplacesAPass) {
  registry.mark(first, authentication(Result::pass, "one"));
  EXPECT_EQ(registry.mark(first, authentication(Result::fail, "two"), true),
            SessionRegistry::Marking::marked);
  EXPECT_EQ(registry.authentication(first)->credential, "two");
}

TEST_F(OpenConnections, WhatCameBeforeReplacesNothing) {
  Authentication earlier = authentication(Result::temperror, "one");
  Authentication later = authentication(Result::fail, "two");
  earlier.number = 1;
  later.number = 2;
  for (const bool certain : {true, false}) {
    registry.mark(first, later, certain);
    EXPECT_EQ(registry.mark(first, earlier, certain), SessionRegistry::Marking::superseded);
    EXPECT_EQ(registry.authentication(first)->credential, "two");
  }
}

TEST_F(OpenConnections, WhoHasFailedMayTryAgain) {
  EXPECT_EQ(registry.mark(first, authentication(Result::fail)), SessionRegistry::Marking::marked);
  EXPECT_EQ(registry.candidates({address("198.51.100.7"), 1001, {}, {}, {}}).size(), 1U);
}

TEST_F(OpenConnections, TheLastResultCountsButAPassStays) {
  registry.mark(first, authentication(Result::fail, "one"));
  registry.mark(first, authentication(Result::temperror, "two"));
  EXPECT_EQ(registry.authentication(first)->credential, "two");
  registry.mark(first, authentication(Result::pass, "three"));
  EXPECT_EQ(registry.mark(first, authentication(Result::fail, "four")),
            SessionRegistry::Marking::already_passed);
  EXPECT_EQ(registry.authentication(first)->credential, "three");
  EXPECT_EQ(registry.authentication(second), std::nullopt);
}

TEST_F(OpenConnections, CloseGivesTheResultOnceAndForgets) {
  registry.mark(first, authentication(Result::pass, "mine"));
  EXPECT_EQ(registry.close(first)->credential, "mine");
  EXPECT_EQ(registry.close(first), std::nullopt);
  EXPECT_EQ(registry.authentication(first), std::nullopt);
  EXPECT_EQ(registry.mark(first, authentication(Result::pass)), SessionRegistry::Marking::closed);
  EXPECT_EQ(registry.close(second), std::nullopt);  // nothing was marked
  EXPECT_EQ(sources(registry.candidates({address("198.51.100.7"), {}, {}, {}, {}})),
            Sources{"198.51.100.7:1003"});
  EXPECT_EQ(registry.size(), 3U);
}

TEST(SessionRegistry, OpensNoMoreThanItsMaximum) {
  SessionRegistry registry(2);
  const OpenSession session{endpoint("198.51.100.7:1001"), endpoint("192.0.2.25:25"), {}};
  const auto first = registry.open(session);
  const auto second = registry.open(session);
  EXPECT_FALSE(registry.incomplete()) << "full, but none was refused";
  EXPECT_FALSE(registry.open(session));
  EXPECT_TRUE(registry.incomplete());
  EXPECT_EQ(registry.size(), 2U);
  registry.close(*first);
  EXPECT_TRUE(registry.incomplete()) << "who was refused is still there";
  registry.close_refused();
  EXPECT_FALSE(registry.incomplete());
  EXPECT_TRUE(registry.open(session));
  registry.set_maximum(1);
  EXPECT_TRUE(registry.authentication(*second) == std::nullopt && registry.size() == 2U) << "those open stay";
  EXPECT_FALSE(registry.open(session));
  registry.set_maximum(3);
  EXPECT_TRUE(registry.open(session));
}

// A sanitizer has a heap of its own, of which this says nothing.
TEST(SessionRegistry, KeepsNothingOfClientsThatAreGone) {
  SessionRegistry registry;
  const auto visit = [&registry](std::uint32_t number) {
    const auto octet = [number](unsigned shift) { return static_cast<std::uint8_t>(number >> shift); };
    const auto from = IpAddress::from_ipv4({10, octet(16), octet(8), octet(0)});
    registry.close(*registry.open({*Endpoint::make(from, 1001), endpoint("192.0.2.25:25"), {}}));
  };
  constexpr std::uint32_t visitors = 10'000;
  visit(0);
  const std::size_t before = ::mallinfo2().uordblks;
  for (std::uint32_t number = 1; number <= visitors; ++number) visit(number);
  EXPECT_LT(::mallinfo2().uordblks, before + visitors) << "octets, and an address alone takes more than one";
}

TEST(SessionRegistry, AMappedAddressIsTheIpv4Address) {
  SessionRegistry registry;
  std::ignore = registry.open({endpoint("[::ffff:198.51.100.7]:1001"), endpoint("192.0.2.25:25"), {}});
  EXPECT_EQ(registry.candidates({address("198.51.100.7"), {}, {}, {}, {}}).size(), 1U);
}

// Threads open, look, mark and close at once; each must find its own session and never the mark of another.
TEST(SessionRegistry, ManyThreads) {
  SessionRegistry registry;
  std::atomic<int> wrong{0};
  const auto work = [&](std::uint16_t thread) {
    for (std::uint16_t round = 1; round <= 300; ++round) {
      const auto port = static_cast<std::uint16_t>(thread * 1000 + round);
      const auto client = *Endpoint::make(address("198.51.100.7"), port);
      const SessionId id = *registry.open({client, endpoint("192.0.2.25:25"), {}});
      const auto exact = registry.candidates({client.address(), port, {}, {}, {}});
      if (exact.size() != 1 || exact[0].session != id) ++wrong;
      if (registry.candidates({client.address(), {}, {}, {}, {}}).empty()) ++wrong;
      registry.mark(id, authentication(Result::pass, std::to_string(port)));
      if (registry.close(id)->credential != std::to_string(port)) ++wrong;
    }
  };
  std::vector<std::jthread> threads;
  for (std::uint16_t i = 1; i <= 8; ++i) threads.emplace_back(work, i);
  threads.clear();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(registry.size(), 0U);
}

// Two credentials for one session at the same moment: just one of them passes.
TEST(SessionRegistry, OnlyOneOfManyPasses) {
  SessionRegistry registry;
  for (int round = 0; round < 50; ++round) {
    const SessionId id = *registry.open({endpoint("198.51.100.7:1001"), endpoint("192.0.2.25:25"), {}});
    std::atomic<int> marked{0};
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
          if (registry.mark(id, authentication(Result::pass)) == SessionRegistry::Marking::marked) ++marked;
        });
      }
    }
    EXPECT_EQ(marked, 1);
    registry.close(id);
  }
}

}  // namespace
}  // namespace tecs
