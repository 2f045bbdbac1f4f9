// Servers and strangers that misbehave.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <filesystem>
#include <iterator>
#include <thread>

#include "tecs/adapters/dns_resolver.hpp"
#include "unit/adapters/fake_dns_server.hpp"
#include "unit/adapters/resolver_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using test::FakeDnsServer;
using test::Reply;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string name = "_domainkey.jgc.org";
const std::string key = "_domainkey.jgc.org. 60 TXT \"v=DKIM1; p=AA==\"";
const Reply good{.answer = {key}};

std::vector<Octets> silence(OctetView) {
  return {};
}

TEST(DnsFaults, EndInTheReasonThatFits) {
  struct Row {
    std::string_view test;
    FakeDnsServer::UdpScript udp;
    Reason reason;
    std::string_view sentence;
    int udp_queries;
  };
  const auto garbage = [](const Octets& octets) {
    return [octets](OctetView) { return std::vector<Octets>{octets}; };
  };
  for (const Row& row : {
           Row{"silence", silence, Reason::dns_timeout, "did not answer in time", 2},
           Row{"SERVFAIL, and no second try", test::always({.rcode = 2}), Reason::dns_error,
               "answers SERVFAIL", 1},
           Row{"REFUSED", test::always({.rcode = 5}), Reason::dns_error, "answers REFUSED", 1},
           Row{"FORMERR", test::always({.rcode = 1, .question_repeated = false}), Reason::dns_error,
               "answers FORMERR", 1},
           Row{"an empty datagram", garbage({}), Reason::dns_error, "does not answer the question", 2},
           Row{"one octet", garbage({'x'}), Reason::dns_error, "does not answer the question", 2},
           Row{"a text", garbage(Octets(500, 'x')), Reason::dns_error, "does not answer the question", 2},
           Row{"as much as fits", garbage(Octets(60'000, 0xff)), Reason::dns_error,
               "does not answer the question", 2},
           Row{"the query sent back",
               [](OctetView query) { return std::vector<Octets>{Octets(query.begin(), query.end())}; },
               Reason::dns_error, "does not answer the question", 2},
           Row{"the wrong id", test::always({.answer = {key}, .id_offset = 1}), Reason::dns_error,
               "does not answer the question", 2},
           Row{"the wrong question", test::always({.answer = {key}, .other_question = "jgc.org. TXT \"\""}),
               Reason::dns_error, "does not answer the question", 2},
           Row{"an answer cut short",
               [](OctetView query) {
                 Octets octets = good.to(query);
                 octets.resize(octets.size() - 5);
                 return std::vector<Octets>{octets};
               },
               Reason::dns_error, "cannot be read", 1},
       }) {
    const FakeDnsServer server(row.udp);
    const auto start = steady_clock::now();
    const auto answer = test::resolver(server, 50ms, 2)->lookup(name);
    const auto took = steady_clock::now() - start;
    ASSERT_FALSE(answer) << row.test;
    EXPECT_EQ(answer.error().reason, row.reason) << row.test;
    EXPECT_THAT(answer.error().sentence, HasSubstr(row.sentence)) << row.test;
    EXPECT_EQ(server.udp_queries(), row.udp_queries) << row.test;
    EXPECT_LT(took, 2s) << row.test;
    if (row.reason == Reason::dns_timeout) {
      EXPECT_GE(took, 100ms) << row.test << ": two attempts";
    }
  }
}

TEST(DnsFaults, TheTimeThatIsLeftIsKept) {
  const FakeDnsServer server(silence);
  const auto resolver = test::resolver(server, 60s, 2);
  EXPECT_EQ(resolver->texts(name, 20ms).error().reason, Reason::dns_timeout);  // else ctest's time-out
  EXPECT_EQ(resolver->ipv4_addresses(name, 20ms).error().reason, Reason::dns_timeout);
  for (const auto none : {0ms, -1ms}) {
    const auto answer = resolver->texts(name, none);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason, Reason::dns_timeout);
    EXPECT_EQ(answer.error().sentence, "no time was left to ask DNS");
  }
}

TEST(DnsFaults, NobodyListensAndThatIsKnownAtOnce) {
  std::optional<Endpoint> endpoint;
  endpoint = FakeDnsServer(silence).endpoint();
  const auto resolver = *DnsResolver::make({.resolver = endpoint, .timeout = 60s});
  const auto answer = resolver->lookup(name);  // would run into ctest's time-out
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, Reason::dns_error);
  EXPECT_THAT(answer.error().sentence, HasSubstr("cannot be reached: Connection refused"));
}

TEST(DnsFaults, ASecondAttemptCanHelp) {
  std::atomic<int> queries = 0;
  const FakeDnsServer server([&](OctetView query) {
    return ++queries == 1 ? std::vector<Octets>{} : std::vector<Octets>{good.to(query)};
  });
  const auto answer = test::resolver(server, 100ms, 2)->lookup(name);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(server.udp_queries(), 2);
}

TEST(DnsFaults, ForgedDatagramsBeforeTheAnswerDoNoHarm) {
  const FakeDnsServer server([](OctetView query) {
    std::vector<Octets> datagrams;
    for (std::uint16_t guess = 1; guess < 100; ++guess) {
      datagrams.push_back(
          Reply{.answer = {"_domainkey.jgc.org. 60 TXT forged"}, .id_offset = guess}.to(query));
    }
    datagrams.push_back({});
    datagrams.push_back(good.to(query));
    return datagrams;
  });
  const auto answer = test::resolver(server, 5s, 1)->lookup(name);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_THAT(answer->texts, ElementsAre("v=DKIM1; p=AA=="));
}

TEST(DnsFaults, DatagramsFromElsewhereAreNotSeen) {
  // The forger knows everything but is not the server: id, question and the client's port are right.
  std::atomic<int> sent = 0;
  const FakeDnsServer server([&](OctetView query) {
    const int forger = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const Octets forged = Reply{.answer = {"_domainkey.jgc.org. 60 TXT forged"}}.to(query);
    // A real one would try every port; here the query's socket, the one that is connected, is found in this
    // process.
    for (int descriptor = 3; descriptor < 256; ++descriptor) {
      sockaddr_in address{};
      socklen_t size = sizeof address;
      auto* place = reinterpret_cast<sockaddr*>(&address);
      if (getpeername(descriptor, place, &size) != 0 || address.sin_family != AF_INET) continue;
      if (getsockname(descriptor, place, &size) != 0) continue;
      if (sendto(forger, forged.data(), forged.size(), 0, place, size) > 0) ++sent;
    }
    close(forger);
    return std::vector<Octets>{good.to(query)};
  });
  const auto answer = test::resolver(server, 5s, 1)->lookup(name);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_THAT(answer->texts, ElementsAre("v=DKIM1; p=AA=="));
  EXPECT_EQ(sent, 1) << "the query's socket was not found";
}

TEST(DnsFaults, OverTcpEndInTheReasonThatFits) {
  struct Row {
    std::string_view test;
    std::optional<FakeDnsServer::TcpScript> tcp;
    Reason reason;
    std::string_view sentence;
  };
  const auto raw = [](const Octets& octets) {
    return [octets](int connection, OctetView) { test::send_all(connection, octets); };
  };
  for (const Row& row : {
           Row{"refused", std::nullopt, Reason::dns_error, "Connection refused"},
           Row{"closed at once", raw({}), Reason::dns_error, "Connection reset"},
           Row{"closed within the length", raw({1}), Reason::dns_error, "Connection reset"},
           Row{"closed within the message", raw({1, 0, 'x'}), Reason::dns_error, "Connection reset"},
           Row{"length 0", raw({0, 0}), Reason::dns_error, "does not answer the question"},
           Row{"garbage", raw(test::with_length(Octets(300, 'x'))), Reason::dns_error,
               "does not answer the question"},
           Row{"truncated again", test::always_tcp({.answer = {key}, .truncated = true}), Reason::dns_error,
               "does not answer the question"},
           Row{"the wrong id", test::always_tcp({.answer = {key}, .id_offset = 1}), Reason::dns_error,
               "does not answer the question"},
           Row{"SERVFAIL", test::always_tcp({.rcode = 2}), Reason::dns_error, "answers SERVFAIL"},
           Row{"silence",
               [](int connection, OctetView) {
                 char octet = 0;
                 static_cast<void>(recv(connection, &octet, 1, 0));  // until the client has had enough
               },
               Reason::dns_timeout, "did not answer in time"},
           Row{"drop by drop",
               [](int connection, OctetView query) {
                 const Octets octets = test::with_length(good.to(query));
                 for (const std::uint8_t octet : octets) {
                   if (send(connection, &octet, 1, MSG_NOSIGNAL) != 1) return;
                   std::this_thread::sleep_for(20ms);
                 }
               },
               Reason::dns_timeout, "did not answer in time"},
       }) {
    const FakeDnsServer server(test::always({.answer = {key}, .truncated = true}), row.tcp);
    const auto start = steady_clock::now();
    const auto answer = test::resolver(server, 200ms, 1)->lookup(name);
    ASSERT_FALSE(answer) << row.test;
    EXPECT_EQ(answer.error().reason, row.reason) << row.test;
    EXPECT_THAT(answer.error().sentence, HasSubstr(row.sentence)) << row.test;
    EXPECT_LT(steady_clock::now() - start, 1s) << row.test;
  }
}

TEST(DnsFaults, SomethingSaidIsWorthMoreThanSilence) {
  for (const int spoken : {1, 2}) {
    std::atomic<int> queries = 0;
    const FakeDnsServer server([&](OctetView query) {
      return ++queries == spoken ? std::vector<Octets>{Reply{.id_offset = 1}.to(query)}
                                 : std::vector<Octets>{};
    });
    const auto answer = test::resolver(server, 50ms, 2)->lookup(name);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason, Reason::dns_error) << "something came to query " << spoken;
  }
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator entries("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

TEST(DnsFaults, NoSocketIsLeftOpenOrSurvivesAnExec) {
  std::atomic<int> without_flag = 0, seen = 0;
  const auto inspect = [&](OctetView) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      const int descriptor = std::stoi(entry.path().filename());
      int type = 0;
      socklen_t size = sizeof type;
      if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0) continue;
      ++seen;
      if ((fcntl(descriptor, F_GETFD) & FD_CLOEXEC) == 0) ++without_flag;
    }
  };
  const FakeDnsServer server(
      [&](OctetView query) {
        inspect(query);
        return std::vector<Octets>{Reply{.truncated = true}.to(query)};
      },
      [&](int connection, OctetView query) {
        inspect(query);
        test::send_all(connection, test::with_length(good.to(query)));
      });
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(test::resolver(server)->lookup(name));
  // The server closes its end of the last connection in its own time.
  const auto patience = steady_clock::now() + 10s;
  while (open_descriptors() > before && steady_clock::now() < patience) std::this_thread::yield();
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_GE(seen, 10 * (3 + 4)) << "the server's own sockets, and one or two of the query";
  EXPECT_EQ(without_flag, 0);
}

// Servers times attempts may add up to more than the MTA waits for; the time for the whole lookup does not.
TEST(DnsFaults, OneBoundHoldsForAllQueriesOfALookup) {
  const FakeDnsServer server(silence);
  const auto resolver = *DnsResolver::make(
      {.resolver = server.endpoint(), .timeout = 20ms, .attempts = 1'000, .lookup_time = 200ms});
  EXPECT_EQ(resolver->lookup(name).error().reason, Reason::dns_timeout);
  EXPECT_GE(server.udp_queries(), 2);
  EXPECT_LE(server.udp_queries(), 11);
}

}  // namespace
}  // namespace tecs
