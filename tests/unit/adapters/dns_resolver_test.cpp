#include "tecs/adapters/dns_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "unit/adapters/fake_dns_server.hpp"
#include "unit/adapters/resolver_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::FakeDnsServer;
using test::Reply;
using testing::ElementsAre;

const std::string name = "_domainkey.jgc.org";
const std::string key = "_domainkey.jgc.org. 60 TXT \"v=DKIM1; p=AA==\"";

TEST(DnsResolver, FindsTexts) {
  for (const std::string address : {"127.0.0.1", "::1"}) {
    const FakeDnsServer server(test::always({.answer = {key}, .authenticated = true}), std::nullopt, address);
    ASSERT_TRUE(server.started()) << address;
    const auto answer = test::resolver(server)->lookup(name);
    ASSERT_TRUE(answer) << answer.error().sentence;
    EXPECT_THAT(answer->texts, ElementsAre("v=DKIM1; p=AA=="));
    EXPECT_EQ(answer->ttl, 60s);
    EXPECT_TRUE(answer->dnssec);
    EXPECT_EQ(server.udp_queries(), 1);
  }
}

TEST(DnsResolver, FindsThatThereIsNothing) {
  const std::string soa = "org. 900 IN SOA ns.org. mail.org. 1 2 3 4 300";
  for (const Reply& reply : {Reply{.authority = {soa}, .rcode = 3}, Reply{.authority = {soa}}}) {
    const FakeDnsServer server(test::always(reply));
    const auto answer = test::resolver(server)->lookup(name);
    ASSERT_TRUE(answer) << answer.error().sentence;
    EXPECT_TRUE(answer->texts.empty());
    EXPECT_EQ(answer->ttl, 300s);
    EXPECT_FALSE(answer->dnssec);
    EXPECT_EQ(server.udp_queries(), 1);
  }
}

TEST(DnsResolver, KeepsOctetsAsTheyAre) {
  const FakeDnsServer server(test::always({.answer = {"_domainkey.jgc.org. 60 TXT \"\\000\\255\\010\""}}));
  const auto answer = test::resolver(server)->lookup(name);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_THAT(answer->texts, ElementsAre(std::string("\0\xff\n", 3)));
}

TEST(DnsResolver, AsksOverTcpWhenTruncated) {
  const FakeDnsServer server(test::always({.answer = {"_domainkey.jgc.org. 60 TXT half"}, .truncated = true}),
                             test::always_tcp({.answer = {key}}));
  const auto answer = test::resolver(server)->lookup(name);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_THAT(answer->texts, ElementsAre("v=DKIM1; p=AA=="));
  EXPECT_EQ(server.udp_queries(), 1);
  EXPECT_EQ(server.tcp_queries(), 1);
}

TEST(DnsResolver, TakesLongAnswers) {
  Reply reply;
  std::string strings;
  for (int i = 0; i < 16; ++i) strings += " \"" + std::string(255, static_cast<char>('a' + i)) + "\"";
  for (int i = 0; i < 15; ++i)
    reply.answer.push_back("_domainkey.jgc.org. 60 TXT \"" + std::to_string(i) + "\"" + strings);
  const FakeDnsServer server(test::always({.truncated = true}), test::always_tcp(reply));
  const auto answer = test::resolver(server)->lookup(name);
  ASSERT_TRUE(answer) << answer.error().sentence;
  ASSERT_EQ(answer->texts.size(), 15U);
  for (const std::string& text : answer->texts) EXPECT_GE(text.size(), 16U * 255U);
}

TEST(DnsResolver, AsksEachTimeWithAnotherId) {
  std::mutex mutex;
  std::set<std::pair<int, int>> ids;
  const FakeDnsServer server([&](OctetView query) {
    const std::scoped_lock lock(mutex);
    ids.emplace(query[0], query[1]);
    return std::vector<Octets>{Reply{.answer = {key}}.to(query)};
  });
  const auto resolver = test::resolver(server);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(resolver->lookup(name));
  EXPECT_GT(ids.size(), 15U);
}

TEST(DnsResolver, ServesManyThreadsAtOnce) {
  const FakeDnsServer server(test::always({.answer = {key}}));
  const auto resolver = test::resolver(server, 5s);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] {
      for (int lookup = 0; lookup < 20; ++lookup) EXPECT_TRUE(resolver->lookup(name));
    });
  }
}

TEST(DnsResolver, RefusesANameThatCannotBeAsked) {
  const FakeDnsServer server(test::always({.answer = {key}}));
  for (const std::string& wrong : {std::string(), std::string("a..b"), std::string(64, 'a') + ".org"}) {
    const auto answer = test::resolver(server)->lookup(wrong);
    ASSERT_FALSE(answer) << wrong;
    EXPECT_EQ(answer.error().reason, Reason::dns_error);
  }
  EXPECT_EQ(server.udp_queries(), 0);
}

// Answers AAAA and A differently; 28 and 1 are their numbers.
FakeDnsServer::UdpScript by_type(const Reply& aaaa, const Reply& a) {
  return [=](OctetView query) {
    const bool v6 = query[query.size() - 11 - 3] == 28;  // before class and OPT
    return std::vector<Octets>{(v6 ? aaaa : a).to(query)};
  };
}

TEST(DnsResolver, FindsAddresses) {
  const std::string v6 = "mx.jgc.org. 60 AAAA 2001:db8::1", v4 = "mx.jgc.org. 60 A 192.0.2.1";
  struct Row {
    std::string_view test;
    Reply aaaa, a;
    std::vector<std::string> want;
  };
  for (const Row& row : {
           Row{"both, IPv6 first",
               {.answer = {v6}},
               {.answer = {v4, "mx.jgc.org. 60 A 192.0.2.2"}},
               {"2001:db8::1", "192.0.2.1", "192.0.2.2"}},
           Row{"only IPv4", {}, {.answer = {v4}}, {"192.0.2.1"}},
           Row{"only IPv6", {.answer = {v6}}, {}, {"2001:db8::1"}},
           Row{"one question fails", {.rcode = 2}, {.answer = {v4}}, {"192.0.2.1"}},
           Row{"behind a CNAME",
               {},
               {.answer = {"mx.jgc.org. 60 CNAME m.example.", "m.example. 60 A 192.0.2.3"}},
               {"192.0.2.3"}},
       }) {
    const FakeDnsServer server(by_type(row.aaaa, row.a));
    const auto found = test::resolver(server)->addresses("mx.jgc.org");
    ASSERT_TRUE(found) << row.test << ": " << found.error().sentence;
    std::vector<std::string> texts;
    for (const IpAddress& address : *found) texts.push_back(address.format());
    EXPECT_EQ(texts, row.want) << row.test;
  }
}

TEST(DnsResolver, SaysWhenThereIsNoAddress) {
  const FakeDnsServer nothing(by_type({}, {}));
  EXPECT_EQ(test::resolver(nothing)->addresses("mx.jgc.org").error().sentence,
            "this host has no address in DNS");
  const FakeDnsServer failing(by_type({.rcode = 2}, {}));
  EXPECT_EQ(test::resolver(failing)->addresses("mx.jgc.org").error().sentence,
            "the DNS server answers SERVFAIL");
}

TEST(DnsResolver, FindsTheAddressesOfAList) {
  const std::string soa = "example.net. 900 IN SOA ns.example.net. mail.example.net. 1 2 3 4 300";
  struct Row {
    std::string_view test;
    Reply reply;
    std::vector<std::string> want;
    std::chrono::seconds want_ttl;
  };
  for (const Row& row : {
           Row{"one", {.answer = {"jgc.org.rep.example.net. 60 A 127.0.0.2"}}, {"127.0.0.2"}, 60s},
           Row{"two",
               {.answer = {"jgc.org.rep.example.net. 60 A 127.0.0.2",
                           "jgc.org.rep.example.net. 50 A 127.0.0.3"}},
               {"127.0.0.2", "127.0.0.3"},
               50s},
           Row{"no such name", {.authority = {soa}, .rcode = 3}, {}, 300s},
           Row{"the name, and no A", {.authority = {soa}}, {}, 300s},
       }) {
    const FakeDnsServer server(test::always(row.reply));
    const auto found = test::resolver(server)->ipv4_addresses("jgc.org.rep.example.net", 2s);
    ASSERT_TRUE(found) << row.test << ": " << found.error().sentence;
    std::vector<std::string> texts;
    for (const IpAddress& address : found->addresses) texts.push_back(address.format());
    EXPECT_EQ(texts, row.want) << row.test;
    EXPECT_EQ(found->ttl, row.want_ttl) << row.test;
    EXPECT_EQ(server.udp_queries(), 1) << row.test;
  }
  const FakeDnsServer failing(test::always({.rcode = 2}));
  const auto none = test::resolver(failing)->ipv4_addresses("jgc.org.rep.example.net", 2s);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().sentence, "the DNS server answers SERVFAIL");
}

class SystemConfiguration : public testing::Test {
 protected:
  ~SystemConfiguration() override { std::remove(path.c_str()); }
  Expected<std::unique_ptr<DnsResolver>> with(const std::string& text) {
    std::ofstream(path) << text;
    return DnsResolver::make({.timeout = 100ms, .attempts = 1, .system_configuration = path});
  }
  const std::string path = testing::TempDir() + "tecs-resolv.conf-" + std::to_string(getpid());
};

TEST_F(SystemConfiguration, IsRead) {
  const FakeDnsServer first(test::always({.rcode = 2}), std::nullopt, "127.0.53.1", 53);
  const FakeDnsServer second(test::always({.answer = {key}, .authenticated = true}), std::nullopt,
                             "127.0.53.2", 53);
  if (!first.started() || !second.started()) GTEST_SKIP() << "port 53 on 127.0.53.* is not to be had here";
  const auto resolver = with(
      "# comment\nsearch example.net example.org\nnameserver 127.0.53.1\noptions edns0 trust-ad\nnameserver "
      "127.0.53.2\n");
  ASSERT_TRUE(resolver) << resolver.error().sentence;
  const auto answer = (*resolver)->lookup(name);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_THAT(answer->texts, ElementsAre("v=DKIM1; p=AA=="));
  EXPECT_TRUE(answer->dnssec) << "a server on this host is believed";
  EXPECT_EQ(first.udp_queries(), 1);
  EXPECT_EQ(second.udp_queries(), 1);
}

TEST_F(SystemConfiguration, ThatNamesNoServerIsRefused) {
  for (const std::string text : {"", "search example.net\n", "nameserver 0.0.0.0\n"}) {
    const auto resolver = with(text);
    ASSERT_FALSE(resolver) << text;
    EXPECT_EQ(resolver.error().reason, Reason::bad_option);
    EXPECT_EQ(resolver.error().sentence, path + " names no DNS server");
  }
  const auto broken = with("nameserver example.net\n");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().reason, Reason::bad_option);
  const auto missing = DnsResolver::make({.system_configuration = path + "-missing"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, Reason::bad_option);
}

TEST(DnsOptions, ThatMakeNoSenseAreRefused) {
  const auto endpoint = *Endpoint::parse("127.0.0.1:53");
  for (const DnsOptions& options :
       {DnsOptions{.resolver = endpoint, .timeout = 0ms}, DnsOptions{.resolver = endpoint, .timeout = -1s},
        DnsOptions{.resolver = endpoint, .attempts = 0}}) {
    const auto resolver = DnsResolver::make(options);
    ASSERT_FALSE(resolver);
    EXPECT_EQ(resolver.error().reason, Reason::bad_option);
  }
}

}  // namespace
}  // namespace tecs
