#include "adapters/dns/dns_message.hpp"

#include <gtest/gtest.h>

#include "unit/adapters/fake_dns_server.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::Reply;

const std::string soa = "org. 900 IN SOA ns.org. mail.org. 1 2 3 4 300";

DnsQuery query(RecordType type = RecordType::txt) {
  auto made = DnsQuery::make("_domainkey.jgc.org", type, 0x1234);
  EXPECT_TRUE(made) << made.error().sentence;
  return std::move(*made);
}

TEST(DnsQuery, IsTheseOctets) {
  const Octets want{
      0x12, 0x34, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1,        // RD and AD; one question, one
                                                             // additional
      10, '_', 'd', 'o', 'm', 'a', 'i', 'n', 'k', 'e', 'y',  //
      3, 'j', 'g', 'c', 3, 'o', 'r', 'g', 0, 0, 16, 0, 1,    // TXT IN
      0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0,                // OPT, 1232 octets
  };
  EXPECT_EQ(query().octets(), want);
}

TEST(DnsQuery, IsNotMadeForWhatIsNoName) {
  const auto made = DnsQuery::make("a..b", RecordType::txt, 1);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, Reason::dns_error);
}

TEST(DnsQuery, MatchesOnlyItsOwnAnswer) {
  struct Row {
    std::string_view name;
    Reply reply;
    bool want;
  };
  for (const Row& row : {
           Row{"an answer", {}, true},
           Row{"an error", {.rcode = 2}, true},
           Row{"an error that does not repeat the question", {.rcode = 1, .question_repeated = false}, true},
           Row{"no error and no question", {.question_repeated = false}, false},
           Row{"another id", {.id_offset = 1}, false},
           Row{"a query", {.response = false}, false},
           Row{"another name", {.other_question = "_tecs.jgc.org. TXT \"\""}, false},
           Row{"the name in upper case", {.other_question = "_DOMAINKEY.JGC.ORG. TXT \"\""}, true},
           Row{"another type", {.other_question = "_domainkey.jgc.org. A 192.0.2.1"}, false},
           Row{"another class", {.other_question = "_domainkey.jgc.org. CH TXT \"\""}, false},
       }) {
    const DnsQuery asked = query();
    EXPECT_EQ(asked.matches(row.reply.to(asked.octets())), row.want) << row.name;
  }
}

TEST(DnsQuery, MatchesNoFragment) {
  const DnsQuery asked = query();
  const Octets answer = Reply{}.to(asked.octets());
  const std::size_t question_end = 12 + 24;
  for (std::size_t size = 0; size < question_end; ++size) {
    EXPECT_FALSE(asked.matches(OctetView(answer).first(size))) << size;
  }
  EXPECT_TRUE(asked.matches(OctetView(answer).first(question_end)));
}

struct ReadRow {
  std::string_view name;
  Reply reply;
  std::vector<std::string> want;
  std::optional<std::chrono::seconds> want_ttl;
  bool want_authenticated = false;
};

TEST(DnsQuery, ReadsAnswers) {
  const std::string cname = "_domainkey.jgc.org. 70 CNAME keys.example.net.";
  for (const ReadRow& row : {
           ReadRow{"one record", {.answer = {"_domainkey.jgc.org. 60 TXT \"a\" \"b\""}}, {"ab"}, 60s},
           ReadRow{"least TTL of several",
                   {.answer = {"_domainkey.jgc.org. 60 TXT a", "_DomainKey.JGC.org. 50 TXT b"}},
                   {"a", "b"},
                   50s},
           ReadRow{"validated",
                   {.answer = {"_domainkey.jgc.org. 60 TXT a"}, .authenticated = true},
                   {"a"},
                   60s,
                   true},
           ReadRow{
               "TTL with the highest bit", {.answer = {"_domainkey.jgc.org. 2147483648 TXT a"}}, {"a"}, 0s},
           ReadRow{"CNAME", {.answer = {cname, "keys.example.net. 80 TXT a"}}, {"a"}, 70s},
           ReadRow{
               "CNAME, in the wrong order", {.answer = {"keys.example.net. 10 TXT a", cname}}, {"a"}, 10s},
           ReadRow{"two CNAMEs",
                   {.answer = {cname, "keys.example.net. 90 CNAME k.example.", "k.example. 80 TXT a"}},
                   {"a"},
                   70s},
           ReadRow{"records that nobody asked for",
                   {.answer = {"_tecs.jgc.org. 1 TXT no", "_domainkey.jgc.org. 60 TXT a", "jgc.org. 1 TXT no",
                               "_domainkey.jgc.org. 1 A 192.0.2.1", "_domainkey.jgc.org. 1 CH TXT no"}},
                   {"a"},
                   60s},
           ReadRow{"a record elsewhere does not count",
                   {.answer = {"evil.example. 60 TXT a"}, .authority = {soa}},
                   {},
                   300s},
           ReadRow{"nor one behind another's CNAME",
                   {.answer = {"x.example. 60 CNAME y.example.", "y.example. 60 TXT a"}, .authority = {soa}},
                   {},
                   300s},
           ReadRow{"no such name", {.authority = {soa}, .rcode = 3}, {}, 300s},
           ReadRow{"no such name, SOA with a shorter TTL",
                   {.authority = {"org. 20 IN SOA ns.org. mail.org. 1 2 3 4 300"}, .rcode = 3},
                   {},
                   20s},
           ReadRow{"no such name and yet a record",
                   {.answer = {"_domainkey.jgc.org. 60 TXT a"}, .rcode = 3},
                   {},
                   std::nullopt},
           ReadRow{"no TXT", {.authority = {soa}, .authenticated = true}, {}, 300s, true},
           ReadRow{"no TXT and no SOA", {}, {}, std::nullopt},
           ReadRow{"TTL of 0", {.answer = {"_domainkey.jgc.org. 0 TXT a"}}, {"a"}, 0s},
           ReadRow{"nothing behind the CNAME", {.answer = {cname}, .authority = {soa}}, {}, 70s},
           ReadRow{"an authoritative server's word, too",
                   {.authority = {soa}, .authoritative = true, .recursion_available = false},
                   {},
                   300s},
       }) {
    const DnsQuery asked = query();
    const auto answer = asked.read(row.reply.to(asked.octets()));
    ASSERT_TRUE(answer) << row.name << ": " << answer.error().sentence;
    std::vector<std::string> texts;
    for (const auto& record : answer->records) texts.push_back(joined_strings(*record));
    EXPECT_EQ(texts, row.want) << row.name;
    EXPECT_EQ(answer->ttl, row.want_ttl) << row.name;
    EXPECT_EQ(answer->authenticated, row.want_authenticated) << row.name;
  }
}

TEST(DnsQuery, RefusesErrors) {
  std::vector<std::string> long_chain;
  for (int i = 0; i < 20; ++i) {
    long_chain.push_back((i == 0 ? "_domainkey.jgc.org." : std::to_string(i) + ".example.") + " 60 CNAME " +
                         std::to_string(i + 1) + ".example.");
  }
  long_chain.emplace_back("20.example. 60 TXT a");
  struct Row {
    std::string_view name;
    Reply reply;
    std::string want;
  };
  for (const Row& row : {
           Row{"FORMERR", {.rcode = 1}, "the DNS server answers FORMERR"},
           Row{"SERVFAIL", {.rcode = 2}, "the DNS server answers SERVFAIL"},
           Row{"NOTIMPL", {.rcode = 4}, "the DNS server answers NOTIMPL"},
           Row{"REFUSED", {.rcode = 5}, "the DNS server answers REFUSED"},
           Row{"SERVFAIL with records",
               {.answer = {"_domainkey.jgc.org. 60 TXT a"}, .rcode = 2},
               "the DNS server answers SERVFAIL"},
           Row{"BADVERS, which is NOERROR without its upper bits",
               {.rcode = 16},
               "the DNS server answers rcode 16"},
           Row{"CNAME to itself",
               {.answer = {"_domainkey.jgc.org. 60 CNAME _domainkey.jgc.org."}},
               "the DNS server answers with a chain of CNAMEs that does not end"},
           Row{"CNAMEs in a ring",
               {.answer = {"_domainkey.jgc.org. 60 CNAME b.example.",
                           "b.example. 60 CNAME _domainkey.jgc.org."}},
               "the DNS server answers with a chain of CNAMEs that does not end"},
           Row{"chain of twenty CNAMEs",
               {.answer = long_chain},
               "the DNS server answers with a chain of CNAMEs that does not end"},
           Row{"referral",
               {.authority = {"org. 60 NS a.nic.example."}, .recursion_available = false},
               "the DNS server refers to others and does not ask them itself"},
       }) {
    const DnsQuery asked = query();
    const auto answer = asked.read(row.reply.to(asked.octets()));
    ASSERT_FALSE(answer) << row.name;
    EXPECT_EQ(answer.error().reason, Reason::dns_error) << row.name;
    EXPECT_EQ(answer.error().sentence, row.want) << row.name;
  }
}

TEST(DnsQuery, RefusesAnAnswerThatIsCutAnywhere) {
  const DnsQuery asked = query();
  const Octets answer =
      Reply{.answer = {"_domainkey.jgc.org. 60 TXT \"abc\" \"def\""}, .authority = {soa}}.to(asked.octets());
  for (std::size_t size = 0; size < answer.size(); ++size) {
    // On the heap and no longer than that, so that the sanitizers see a read beyond it.
    const Octets cut(answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(asked.read(cut)) << size;
  }
}

TEST(DnsQuery, SurvivesEveryChangedOctet) {
  const DnsQuery asked = query();
  const Octets answer = Reply{
      .answer = {"_domainkey.jgc.org. 60 CNAME k.example.", "k.example. 60 TXT \"abc\""},
      .authority = {soa}}.to(asked.octets());
  std::size_t read = 0;
  for (std::size_t place = 0; place < answer.size(); ++place) {
    for (const unsigned value : {0U, 1U, 0x3fU, 0x40U, 0x7fU, 0x80U, 0xc0U, 0xffU}) {
      Octets changed = answer;
      changed[place] = static_cast<std::uint8_t>(value);
      if (asked.matches(changed) && asked.read(changed)) ++read;
    }
  }
  EXPECT_GT(read, 0U);
}

TEST(DnsQuery, SurvivesNamesThatPointAtThemselves) {
  const DnsQuery asked = query();
  Octets answer = Reply{.answer = {"_domainkey.jgc.org. 60 TXT \"abc\""}}.to(asked.octets());
  const std::size_t owner =
      asked.octets().size() - 11;  // where the answer begins: after the question, no OPT
  answer[owner] = static_cast<std::uint8_t>(0xc0U | owner >> 8U);
  answer[owner + 1] = static_cast<std::uint8_t>(owner & 0xffU);
  const auto read = asked.read(answer);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().sentence, "the DNS server's answer cannot be read");
}

}  // namespace
}  // namespace tecs
