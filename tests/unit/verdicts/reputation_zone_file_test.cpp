#include "verdicts/reputation_zone_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tecs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

ReputationSourceName::AddressMap map_of(const std::string& text) {
  return std::get<ReputationSourceName::Zone>(ReputationSourceName::parse("dns:a.example?" + text)->place())
      .addresses;
}

ReputationZoneSettings settings(const std::string& listed = "127.0.0.2=bad,127.0.0.3=medium") {
  return {.zone = *Domain::parse("rep.example.net"),
          .name_servers = {"ns1.example.net", "ns2.example.net"},
          .contact = "hostmaster.example.net",
          .listed = listed.empty() ? ReputationSourceName::AddressMap{} : map_of(listed)};
}

TEST(ReputationZoneFile, IsAMasterFile) {
  const ReputationZoneFile file = write_reputation_zone(settings(), 1795367225,
                                                        {{"bad.example", Reputation::bad},
                                                         {"good.example", Reputation::good},
                                                         {"mail.bad.example", Reputation::medium},
                                                         {"spared.example", Reputation::unknown}});
  EXPECT_EQ(file.text,
            "; rep.example.net: written by \"tecs reputation publish\", which will write it anew.\n"
            "$ORIGIN rep.example.net.\n"
            "$TTL 300\n"
            "@ IN SOA ns1.example.net. hostmaster.example.net. 1795367225 3600 600 604800 60\n"
            "@ IN NS ns1.example.net.\n"
            "@ IN NS ns2.example.net.\n"
            "test IN TXT \"bad\"\n"
            "test IN A 127.0.0.2\n"
            "bad.example IN TXT \"bad\"\n"
            "bad.example IN A 127.0.0.2\n"
            "good.example IN TXT \"good\"\n"
            "mail.bad.example IN TXT \"medium\"\n"
            "mail.bad.example IN A 127.0.0.3\n"
            "spared.example IN TXT \"unknown\"\n");
  EXPECT_THAT(file.published, ElementsAre(Pair(Reputation::unknown, 1), Pair(Reputation::good, 1),
                                          Pair(Reputation::medium, 1), Pair(Reputation::bad, 1)));
  EXPECT_THAT(file.too_long, IsEmpty());
  EXPECT_THAT(file.no_domains, IsEmpty());
}

TEST(ReputationZoneFile, ListsWhatItIsToldTo) {
  struct Row {
    std::string_view test;
    std::string listed;
    std::string want;
  };
  for (const Row& row : {
           Row{"nothing", "", "test IN TXT \"bad\"\na.example IN TXT \"good\"\n"},
           Row{"only good", "127.0.0.9=good",
               "test IN TXT \"good\"\ntest IN A 127.0.0.9\na.example IN TXT \"good\"\na.example IN A "
               "127.0.0.9\n"},
           Row{"several of one state", "127.0.0.9=good,127.0.0.8=good,127.0.0.7=bad",
               "test IN TXT \"bad\"\ntest IN A 127.0.0.7\na.example IN TXT \"good\"\na.example IN A "
               "127.0.0.9\n"},
       }) {
    const auto file = write_reputation_zone(settings(row.listed), 1, {{"a.example", Reputation::good}});
    EXPECT_THAT(file.text, testing::EndsWith("@ IN NS ns2.example.net.\n" + row.want)) << row.test;
  }
}

// What stands in the store may have come from anywhere.
TEST(ReputationZoneFile, TakesNothingButDomains) {
  for (const std::string& name : std::vector<std::string>{
           "", ".", "invalid", "*.example", "a..example", "a.example.", "_dmarc.a.example",
           "a.example IN A 192.0.2.1", "a.example\nb.example", "$INCLUDE /etc/passwd", "a.exam\\ple",
           "a.example;", "\"a\".example", "@", std::string("a.exam\0ple", 10), "b\xc3\xbc.example",
           "(a.example", std::string(64, 'a') + ".example", std::string(100000, 'a')}) {
    const auto file = write_reputation_zone(settings(), 1, {{name, Reputation::bad}});
    EXPECT_EQ(file.text, write_reputation_zone(settings(), 1, {}).text) << name;
    ASSERT_EQ(file.no_domains.size(), 1U) << name;
    EXPECT_LE(file.no_domains[0].size(), 1100U);
    EXPECT_EQ(file.no_domains[0].find_first_of(std::string("\n\0", 2)), std::string::npos) << name;
    EXPECT_THAT(file.published, IsEmpty()) << name;
  }
}

TEST(ReputationZoneFile, LeavesOutNamesThatAreTooLongWithTheZone) {
  std::string longest = "bad.example";
  const std::size_t room = 253 - 1 - std::string("rep.example.net").size();
  while (longest.size() + 2 <= room) longest.insert(0, "a.");
  if (longest.size() < room) longest.insert(0, "a");
  ASSERT_EQ(longest.size(), room);
  const auto file = write_reputation_zone(
      settings(), 1,
      {{longest, Reputation::bad}, {"b" + longest, Reputation::bad}, {"c.example", Reputation::bad}});
  EXPECT_THAT(file.text, HasSubstr("\n" + longest + " IN TXT \"bad\"\n"));
  EXPECT_THAT(file.text, Not(HasSubstr("\nb" + longest)));
  EXPECT_THAT(file.too_long, ElementsAre("b" + longest));
  EXPECT_THAT(file.published, ElementsAre(Pair(Reputation::bad, 2)));
}

TEST(ReputationZoneFile, WritesCapitalsSmall) {
  EXPECT_THAT(write_reputation_zone(settings(), 1, {{"Bad.EXAMPLE", Reputation::bad}}).text,
              HasSubstr("\nbad.example IN TXT \"bad\"\n"));
}

TEST(ReputationZoneFile, TellsItsSerial) {
  const Domain zone = *Domain::parse("rep.example.net");
  for (const std::uint32_t serial : {0U, 1U, 1795367225U, 0xffffffffU}) {
    const std::string text = write_reputation_zone(settings(), serial, {{"a.example", Reputation::bad}}).text;
    EXPECT_EQ(read_zone_serial(text, zone), serial);
    EXPECT_EQ(read_zone_serial(std::string_view(text).substr(0, zone_file_head), zone), serial);
  }
  ReputationZoneSettings dotted = settings();
  dotted.contact = *parse_contact("the.hostmaster@example.net");
  EXPECT_EQ(read_zone_serial(write_reputation_zone(dotted, 7, {}).text, zone), 7U);
}

TEST(ReputationZoneFile, IsNotMistakenForAnother) {
  const Domain zone = *Domain::parse("rep.example.net");
  const std::string ours = write_reputation_zone(settings(), 1795367225, {}).text;
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = ours;
    return text.replace(text.find(from), from.size(), to);
  };
  struct Row {
    std::string_view test;
    std::string text;
  };
  for (const Row& row : {
           Row{"nothing", ""},
           Row{"a zone by hand", ours.substr(ours.find('\n') + 1)},
           Row{"another zone of ours", replaced("rep.example.net", "bad.example.net")},
           Row{"no more than the first line", ours.substr(0, ours.find('\n') + 1)},
           Row{"no SOA record", replaced("SOA", "TXT")},
           Row{"a serial that is no number", replaced("1795367225", "1795367225x")},
           Row{"a serial that is too large", replaced("1795367225", "4294967296")},
           Row{"no serial", replaced(" 1795367225 3600 600 604800 60", "")},
           Row{"cut behind the serial's first digits", ours.substr(0, ours.find("hostmaster") + 10)},
       }) {
    const auto serial = read_zone_serial(row.text, zone);
    ASSERT_FALSE(serial) << row.test;
    EXPECT_EQ(serial.error().reason, Reason::bad_zone_file) << row.test;
  }
}

TEST(ReputationZoneFile, KnowsWhatIsInTheZone) {
  const Domain zone = *Domain::parse("rep.example.net");
  EXPECT_TRUE(is_in_zone("rep.example.net", zone));
  EXPECT_TRUE(is_in_zone("ns.rep.example.net", zone));
  EXPECT_FALSE(is_in_zone("ns.example.net", zone));
  EXPECT_FALSE(is_in_zone("ns.myrep.example.net", zone));
  EXPECT_FALSE(is_in_zone("", zone));
}

TEST(ReputationZoneFile, ParsesAContact) {
  struct Row {
    std::string text;
    std::string want;  // "-": refused
  };
  for (const Row& row : {
           Row{"hostmaster@example.net", "hostmaster.example.net"},
           Row{"Host.Master+dns@Example.NET", "Host\\.Master+dns.example.net"},
           Row{"hostmaster.example.net", "hostmaster.example.net"},
           Row{"", "-"},
           Row{"@example.net", "-"},
           Row{"hostmaster", "-"},
           Row{"hostmaster@", "-"},
           Row{"host master@example.net", "-"},
           Row{"a@b@example.net", "-"},
           Row{"a\n@example.net", "-"},
           Row{"a;b@example.net", "-"},
           Row{std::string(64, 'a') + "@example.net", "-"},
       }) {
    const auto got = parse_contact(row.text);
    EXPECT_EQ(got ? *got : "-", row.want) << row.text;
  }
}

}  // namespace
}  // namespace tecs
