// What DANE asks of DNS: TLSA records, hosts with their aliases, and whether the resolver validates at all.
#include <gtest/gtest.h>

#include <fstream>

#include "tecs/adapters/dns_resolver.hpp"
#include "unit/adapters/fake_dns_server.hpp"
#include "unit/adapters/resolver_fixture.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::FakeDnsServer;
using test::Reply;

const std::string tlsa_name = "_25._tcp.mx.example.com";
const std::string soa = "example.com. 900 IN SOA ns.example.com. mail.example.com. 1 2 3 4 300";

std::string tlsa(const std::string& fields) {
  return tlsa_name + ". 60 TLSA " + fields;
}

Expected<TlsaAnswer> ask_tlsa(const Reply& reply) {
  const FakeDnsServer server(test::always({.truncated = true}), test::always_tcp(reply));
  return test::resolver(server)->tlsa_records(tlsa_name, 4s);
}

TEST(DnsResolverTlsa, FindsRecordsAsTheyAre) {
  struct Row {
    std::string_view name;
    Reply reply;
    std::vector<TlsaRecord> want;
    std::chrono::seconds want_ttl;
    bool want_dnssec;
  };
  const std::string alias = tlsa_name + ". 30 CNAME tlsa.example.net.";
  for (const Row& row : {
           Row{"one, validated",
               {.answer = {tlsa("3 1 1 00ff2a")}, .authenticated = true},
               {{3, 1, 1, {"\0\xff*", 3}}},
               60s,
               true},
           Row{"not validated", {.answer = {tlsa("3 1 1 2a")}}, {{3, 1, 1, "*"}}, 60s, false},
           Row{"numbers that nobody knows",
               {.answer = {tlsa("255 254 253 2a")}},
               {{255, 254, 253, "*"}},
               60s,
               false},
           Row{"several",
               {.answer = {tlsa("3 1 1 2a"), tlsa("2 0 2 2b")}},
               {{3, 1, 1, "*"}, {2, 0, 2, "+"}},
               60s,
               false},
           Row{"behind an alias",
               {.answer = {alias, "tlsa.example.net. 60 TLSA 3 1 1 2a"}},
               {{3, 1, 1, "*"}},
               30s,
               false},
           Row{"none, for certain", {.authority = {soa}, .authenticated = true}, {}, 300s, true},
           Row{"no such name", {.authority = {soa}, .rcode = 3, .authenticated = true}, {}, 300s, true},
           Row{"of another name",
               {.answer = {"_25._tcp.example.net. 60 TLSA 3 1 1 2a"}, .authority = {soa}},
               {},
               300s,
               false},
           Row{"of another type",
               {.answer = {tlsa_name + ". 60 TXT a"}, .authority = {soa}},
               {},
               300s,
               false},
       }) {
    const auto answer = ask_tlsa(row.reply);
    ASSERT_TRUE(answer) << row.name << ": " << answer.error().sentence;
    EXPECT_EQ(answer->records, row.want) << row.name;
    EXPECT_EQ(answer->ttl, row.want_ttl) << row.name;
    EXPECT_EQ(answer->dnssec, row.want_dnssec) << row.name;
  }
}

TEST(DnsResolverTlsa, TakesNoMoreThanAnybodyNeeds) {
  Reply many;
  for (int i = 0; i < 64; ++i) many.answer.push_back(tlsa("3 1 1 " + std::to_string(1000 + i)));
  EXPECT_EQ(ask_tlsa(many)->records.size(), 64U);
  many.answer.push_back(tlsa("3 1 1 2000"));
  EXPECT_EQ(ask_tlsa(many).error().sentence, "more TLSA records than anybody needs");
  Reply octets;
  octets.answer = {tlsa("3 0 0 " + std::string(std::size_t{2} * 8'192, 'a')),
                   tlsa("3 0 0 " + std::string(std::size_t{2} * 8'192, 'b'))};
  EXPECT_EQ(ask_tlsa(octets)->records.size(), 2U);
  octets.answer.push_back(tlsa("3 1 1 2a"));
  EXPECT_EQ(ask_tlsa(octets).error().sentence, "longer TLSA records than anybody needs");
  EXPECT_EQ(ask_tlsa(octets).error().reason, Reason::dns_error);
}

TEST(DnsResolverTlsa, SaysNothingForCertainAfterAnError) {
  for (const Reply& reply :
       {Reply{.rcode = 2}, Reply{.answer = {tlsa("3 1 1 2a")}, .rcode = 2}, Reply{.rcode = 5}}) {
    const auto answer = ask_tlsa(reply);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason, Reason::dns_error);
  }
  const FakeDnsServer silent([](OctetView) { return std::vector<Octets>{}; });
  const auto answer = test::resolver(silent, 50ms, 1)->tlsa_records(tlsa_name, 4s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, Reason::dns_timeout);
}

// Each record is complete as a record of DNS, and wrong as one of TLSA.
TEST(DnsResolverTlsa, ReadsNoRecordThatIsTooShort) {
  for (const std::size_t octets : {0U, 1U, 2U}) {
    const FakeDnsServer server([octets](OctetView query) {
      // RFC 3597: the type's number with as many octets of whatever kind.
      const std::string fields =
          octets == 0 ? "\\# 0" : "\\# " + std::to_string(octets) + " " + std::string(2 * octets, '1');
      return std::vector<Octets>{Reply{.answer = {tlsa_name + ". 60 TYPE52 " + fields}}.to(query)};
    });
    const auto answer = test::resolver(server)->tlsa_records(tlsa_name, 4s);
    EXPECT_FALSE(answer) << octets;
  }
}

TEST(DnsResolverHost, FindsAddressesAndWhereTheyAre) {
  const std::string alias = "mx.example.com. 30 CNAME MX.example.net.";
  struct Row {
    std::string_view name;
    AddressFamily family;
    Reply reply;
    std::vector<std::string> want;
    std::string want_name;
    bool want_dnssec;
  };
  for (const Row& row : {
           Row{"no alias",
               AddressFamily::ipv4,
               {.answer = {"MX.Example.com. 60 A 192.0.2.1"}, .authenticated = true},
               {"192.0.2.1"},
               "mx.example.com",
               true},
           Row{"IPv6",
               AddressFamily::ipv6,
               {.answer = {"mx.example.com. 60 AAAA 2001:db8::1"}},
               {"2001:db8::1"},
               "mx.example.com",
               false},
           Row{"alias",
               AddressFamily::ipv4,
               {.answer = {alias, "mx.example.net. 60 A 192.0.2.1"}, .authenticated = true},
               {"192.0.2.1"},
               "mx.example.net",
               true},
           Row{"alias to nothing",
               AddressFamily::ipv4,
               {.answer = {alias}, .authority = {soa}, .authenticated = true},
               {},
               "mx.example.net",
               true},
           Row{"nothing",
               AddressFamily::ipv4,
               {.authority = {soa}, .rcode = 3, .authenticated = true},
               {},
               "mx.example.com",
               true},
           Row{"the other family only",
               AddressFamily::ipv6,
               {.answer = {"mx.example.com. 60 A 192.0.2.1"}, .authority = {soa}},
               {},
               "mx.example.com",
               false},
           Row{"a strange name",
               AddressFamily::ipv4,
               {.answer = {R"(mx.example.com. 60 CNAME a\032b\034.example.net.)",
                           R"(a\032b\034.example.net. 60 A 192.0.2.1)"}},
               {"192.0.2.1"},
               R"(a\032b".example.net)",
               false},
       }) {
    const FakeDnsServer server(test::always(row.reply));
    const auto answer = test::resolver(server)->host("mx.example.com", row.family, 4s);
    ASSERT_TRUE(answer) << row.name << ": " << answer.error().sentence;
    std::vector<std::string> addresses;
    for (const IpAddress& address : answer->addresses) addresses.push_back(address.format());
    EXPECT_EQ(addresses, row.want) << row.name;
    EXPECT_EQ(answer->name, row.want_name) << row.name;
    EXPECT_EQ(answer->dnssec, row.want_dnssec) << row.name;
  }
}

TEST(DnsResolverHost, KnowsAnAliasThatWasValidated) {
  const std::string alias = "mx.example.com. 30 CNAME mx.example.net.";
  const auto ask = [](const Reply& reply) {
    const FakeDnsServer server(test::always(reply));
    return test::resolver(server)->validated_alias("mx.example.com", 4s);
  };
  EXPECT_TRUE(*ask({.answer = {alias}, .authenticated = true}));
  EXPECT_FALSE(*ask({.answer = {alias}}));
  EXPECT_FALSE(*ask({.authority = {soa}, .authenticated = true}));
  EXPECT_FALSE(ask({.rcode = 2}));
}

TEST(DnsResolverValidation, IsSeenByASignedName) {
  const Reply signed_zone{.answer = {". 60 SOA a.example. b.example. 1 2 3 4 5"}, .authenticated = true};
  const FakeDnsServer server(test::always(signed_zone));
  const auto checked = test::resolver(server)->check_validates(".", 10s);
  EXPECT_TRUE(checked) << checked.error().sentence;
}

TEST(DnsResolverValidation, IsMissedWithoutTheFlag) {
  const FakeDnsServer server(
      test::always({.answer = {"example.com. 60 SOA a.example. b.example. 1 2 3 4 5"}}));
  const std::string who = "the DNS server " + server.endpoint().format();
  const std::string rest =
      " comes without the AD flag; turn validation on there, or use a resolver that validates";
  const auto resolver = test::resolver(server);
  auto checked = resolver->check_validates("example.com", 10s);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().reason, Reason::bad_option);
  EXPECT_EQ(checked.error().sentence,
            who + " does not validate DNSSEC: what it answers about example.com" + rest);
  checked = resolver->check_validates(".", 10s);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().sentence,
            who + " does not validate DNSSEC: what it answers about the root zone" + rest);
}

TEST(DnsResolverValidation, IsNotKnownWhenNobodyCanBeAsked) {
  const FakeDnsServer broken(test::always({.rcode = 2, .authenticated = true}));
  const auto checked = test::resolver(broken)->check_validates(".", 10s);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().reason, Reason::dns_error);
  const FakeDnsServer silent([](OctetView) { return std::vector<Octets>{}; });
  EXPECT_EQ(test::resolver(silent, 50ms, 1)->check_validates(".", 10s).error().reason, Reason::dns_timeout);
}

// The one that is away may answer the questions to come.
TEST(DnsResolverValidation, IsToBeSeenOfAllServers) {
  const FakeDnsServer server(
      test::always({.answer = {". 60 SOA a.example. b.example. 1 2 3 4 5"}, .authenticated = true}));
  const test::TemporaryDirectory folder;
  const std::string file = folder.path() / "resolv.conf";
  const auto check = [&](const std::string& servers) {
    std::ofstream(file) << servers;
    const auto resolver = *DnsResolver::make({.timeout = 50ms,
                                              .attempts = 1,
                                              .system_configuration = file,
                                              .system_port = server.endpoint().port()});
    return resolver->check_validates(".", 10s);
  };
  const std::string here = "nameserver 127.0.0.1\n", nobody = "nameserver 127.0.0.2\n";
  EXPECT_TRUE(check(here));
  for (const std::string& servers : {here + nobody, nobody + here}) {
    const auto checked = check(servers);
    ASSERT_FALSE(checked) << servers;
    EXPECT_NE(checked.error().reason, Reason::bad_option);
    EXPECT_EQ(checked.error().sentence.find("the DNS server 127.0.0.2:"), 0U) << checked.error().sentence;
  }
  EXPECT_EQ(check(nobody + "nameserver 192.0.2.53\n").error().reason, Reason::bad_option);
}

TEST(DnsResolverValidation, IsNotWaitedForLongerThanIsLeft) {
  const FakeDnsServer server(test::always({.authority = {soa}, .authenticated = true}));
  const auto checked = test::resolver(server)->check_validates(".", 0ms);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().reason, Reason::dns_timeout);
}

TEST(DnsResolverValidation, IsNotBelievedOfAServerElsewhere) {
  const test::TemporaryDirectory folder;
  const std::string file = folder.path() / "resolv.conf";
  std::ofstream(file) << "nameserver 192.0.2.53\n";
  const auto resolver = *DnsResolver::make({.timeout = 50ms, .attempts = 1, .system_configuration = file});
  const auto checked = resolver->check_validates(".", 10s);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().reason, Reason::bad_option);
  EXPECT_EQ(
      checked.error().sentence,
      "the DNS server 192.0.2.53:53 is not on this host, so that its word on DNSSEC is not believed; use a "
      "validating resolver on this host, or name the one to believe with the option resolver");
}

}  // namespace
}  // namespace tecs
