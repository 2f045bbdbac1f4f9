#include "verdicts/reputation_zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/verdicts/reputation_fakes.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const std::string zone = "rep.example.net";
const std::string map = "?127.0.0.2=bad,127.0.0.3=medium,127.0.0.4=good";

class ReputationFromZone : public testing::Test {
 protected:
  static ReputationSourceName::Zone parse(const std::string& text) {
    return std::get<ReputationSourceName::Zone>(ReputationSourceName::parse("dns:" + text)->place());
  }
  static std::string state(ReputationZone& source, const std::string& domain = "jgc.org") {
    const auto found = source.lookup(domain, 1s);
    return !found ? found.error().sentence : found->reputation ? std::string(word(*found->reputation)) : "-";
  }

  test::FakeList dns;
  ReputationZone texts{parse(zone), dns};
  ReputationZone addresses{parse(zone + map), dns};
};

TEST_F(ReputationFromZone, IsAWordInATxtRecord) {
  struct Row {
    std::string_view test;
    std::vector<std::string> records;
    std::string want;
  };
  for (const Row& row : {
           Row{"good", {"good"}, "good"},
           Row{"medium", {"medium"}, "medium"},
           Row{"bad, loudly", {"BAD"}, "bad"},
           Row{"unknown is an answer", {"unknown"}, "unknown"},
           Row{"nothing", {}, "-"},
           Row{"twice the same", {"bad", "Bad"}, "bad"},
           Row{"two that differ", {"bad", "good"}, "two TXT records contradict each other"},
           Row{"an explanation",
               {"listed, see https://rep.example.net/"},
               "the TXT record is none of good, medium, bad and unknown"},
           Row{"a word and something else",
               {"good", "v=spf1 -all"},
               "the TXT record is none of good, medium, bad and unknown"},
           Row{"an empty text", {""}, "the TXT record is none of good, medium, bad and unknown"},
       }) {
    dns.txt.insert_or_assign("jgc.org.rep.example.net", row.records);
    EXPECT_EQ(state(texts), row.want) << row.test;
  }
  EXPECT_EQ(dns.asked.front(), "TXT jgc.org.rep.example.net");
}

TEST_F(ReputationFromZone, OrAnAddressThatTheMapHas) {
  struct Row {
    std::string_view test;
    std::vector<std::string> records;
    std::string want;
  };
  for (const Row& row : {
           Row{"bad", {"127.0.0.2"}, "bad"},
           Row{"good", {"127.0.0.4"}, "good"},
           Row{"not listed", {}, "-"},
           Row{"listed for what the map has not", {"127.0.0.9"}, "-"},
           Row{"the worst of several", {"127.0.0.4", "127.0.0.2", "127.0.0.3"}, "bad"},
           Row{"one that the map has not beside one", {"127.0.0.9", "127.0.0.3"}, "medium"},
           Row{"a refusal", {"127.255.255.254"}, "the list answers 127.255.255.254, which is no listing"},
           Row{"a refusal beside a listing",
               {"127.0.0.2", "127.255.255.255"},
               "the list answers 127.255.255.255, which is no listing"},
           Row{"a resolver that sells names",
               {"203.0.113.9"},
               "the list answers 203.0.113.9, which is no listing"},
       }) {
    dns.a.insert_or_assign("jgc.org.rep.example.net", row.records);
    EXPECT_EQ(state(addresses), row.want) << row.test;
  }
  EXPECT_EQ(dns.asked.front(), "A jgc.org.rep.example.net");
}

TEST_F(ReputationFromZone, MayBeKeptAsLongAsDnsSays) {
  dns.txt.emplace("jgc.org.rep.example.net", std::vector<std::string>{"good"});
  dns.a.emplace("jgc.org.rep.example.net", std::vector<std::string>{"127.0.0.2"});
  for (ReputationZone* source : {&texts, &addresses}) {
    EXPECT_EQ(source->lookup("jgc.org", 1s)->ttl, 120s);
    EXPECT_EQ(source->lookup("example.org", 1s)->ttl, 300s);
  }
}

TEST_F(ReputationFromZone, SilenceIsAnError) {
  dns.txt.emplace("jgc.org.rep.example.net", failure(Reason::dns_timeout, "nobody answers"));
  dns.a.emplace("jgc.org.rep.example.net", failure(Reason::dns_timeout, "nobody answers"));
  EXPECT_EQ(state(texts), "nobody answers");
  EXPECT_EQ(state(addresses), "nobody answers");
}

TEST_F(ReputationFromZone, ANameThatIsTooLongIsNotAskedFor) {
  std::string longest = "jgc.org";
  while (longest.size() + 2 + 1 + zone.size() <= 253) longest.insert(0, "a.");
  if (longest.size() + 1 + zone.size() < 253) longest.insert(0, "a");
  ASSERT_EQ(longest.size() + 1 + zone.size(), 253U);
  EXPECT_EQ(state(texts, longest), "-");
  EXPECT_EQ(dns.asked.size(), 1U);
  EXPECT_EQ(state(texts, "b" + longest), "-");
  EXPECT_EQ(state(addresses, "b" + longest), "-");
  EXPECT_EQ(dns.asked.size(), 1U);
}

TEST_F(ReputationFromZone, HasItsTestEntries) {
  using Records = std::vector<std::string>;
  const std::string gone =
      "it does not list TEST, as every list should (RFC 5782 section 5); is it still in service?";
  const std::string all = "it lists INVALID, as a list does that lists everything; it is not asked any more";
  struct Row {
    std::string_view test;
    Expected<Records> test_texts, test_addresses, invalid_texts, invalid_addresses;
    std::string want;
  };
  const auto silence = failure(Reason::dns_timeout, "nobody answers");
  for (const Row& row : {
           Row{"as it should be", Records{"bad"}, Records{"127.0.0.2"}, Records{}, Records{}, ""},
           Row{"listed for something else", Records{"good"}, Records{"127.0.0.99"}, Records{}, Records{}, ""},
           Row{"gone", Records{}, Records{}, Records{}, Records{}, gone},
           Row{"everything is listed", Records{"bad"}, Records{"127.0.0.2"}, Records{"bad"},
               Records{"127.0.0.2"}, all},
           Row{"silence", silence, silence, silence, silence, "nobody answers"},
           Row{"silence in the end", silence, silence, Records{}, Records{}, "nobody answers"},
       }) {
    dns.txt.insert_or_assign("test.rep.example.net", row.test_texts);
    dns.txt.insert_or_assign("invalid.rep.example.net", row.invalid_texts);
    dns.a.insert_or_assign("test.rep.example.net", row.test_addresses);
    dns.a.insert_or_assign("invalid.rep.example.net", row.invalid_addresses);
    for (ReputationZone* source : {&texts, &addresses}) {
      const auto checked = source->check(1s);
      EXPECT_EQ(checked ? "" : checked.error().sentence, row.want) << row.test;
    }
  }
}

TEST_F(ReputationFromZone, AListThatListsEverythingIsNotBelieved) {
  dns.a.emplace("test.rep.example.net", std::vector<std::string>{"127.0.0.2"});
  dns.a.emplace("invalid.rep.example.net", std::vector<std::string>{"127.0.0.2"});
  dns.a.emplace("jgc.org.rep.example.net", std::vector<std::string>{"127.0.0.2"});
  EXPECT_EQ(state(addresses), "bad");
  EXPECT_FALSE(addresses.check(1s));
  dns.asked.clear();
  EXPECT_EQ(state(addresses), "the list had INVALID, so what it lists means nothing");
  EXPECT_THAT(dns.asked, ElementsAre());
  dns.a.erase("invalid.rep.example.net");
  EXPECT_TRUE(addresses.check(1s));
  EXPECT_EQ(state(addresses), "bad");
}

}  // namespace
}  // namespace tecs
