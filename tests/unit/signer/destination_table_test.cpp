#include "signer/destination_table.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using namespace std::string_literals;

DestinationTable table(const std::string& text, const DestinationPolicy& standard = {}) {
  auto parsed = DestinationTable::parse(text, "list", standard);
  EXPECT_TRUE(parsed) << parsed.error().sentence;
  return parsed ? *parsed : DestinationTable();
}

TEST(DestinationTable, finds_the_narrowest_line) {
  const DestinationTable destinations = table(
      "# ours\r\n"
      "default          may\n"
      "\n"
      "192.0.2.0/24     encrypt connections=24   # a partner\n"
      "192.0.2.128/25   encrypt connections=25\n"
      "192.0.2.200      encrypt connections=32\n"
      "0.0.0.0/0        none connections=4\n"
      "2001:db8::/32    encrypt connections=320\n"
      "2001:db8::25     encrypt connections=128\n"
      "mx.example.com   verify connections=1");
  struct Row {
    const char* server;
    const char* host;
    std::size_t want;
  };
  for (const Row& row : {
           Row{"192.0.2.1:25", "", 24},
           Row{"192.0.2.127:25", "", 24},
           Row{"192.0.2.129:587", "", 25},
           Row{"192.0.2.200:25", "", 32},
           Row{"192.0.2.200:25", "mx.example.com", 1},
           Row{"192.0.2.200:25", "mx.example.net", 32},
           Row{"198.51.100.1:25", "", 4},
           Row{"[2001:db8::25]:25", "", 128},
           Row{"[2001:db8::26]:25", "", 320},
           Row{"[2001:db9::1]:25", "", 0},
           Row{"[2001:db9::1]:25", "mx.example.com", 1},
       }) {
    EXPECT_EQ(destinations.find(*Endpoint::parse(row.server), row.host).maximum_connections, row.want)
        << row.server << " " << row.host;
  }
}

TEST(DestinationTable, has_a_default_wherever_it_stands) {
  const DestinationPolicy standard{
      .tls = TlsLevel::encrypt, .signature = SignatureDemand::offered, .maximum_connections = 3};
  const DestinationTable destinations = table("192.0.2.1 may\ndefault none signature=always\n", standard);
  EXPECT_EQ(destinations.standard().tls, TlsLevel::none);
  EXPECT_EQ(destinations.standard().signature, SignatureDemand::always);
  EXPECT_EQ(destinations.standard().maximum_connections, 3U) << "of the options";
  const DestinationPolicy& found = destinations.find(*Endpoint::parse("192.0.2.1:25"), "");
  EXPECT_EQ(found.tls, TlsLevel::may);
  EXPECT_EQ(found.signature, SignatureDemand::always) << "of the default's line";
}

TEST(DestinationTable, has_the_options_as_default) {
  const DestinationPolicy standard{.tls = TlsLevel::dane, .maximum_connections = 3};
  const Endpoint server = *Endpoint::parse("192.0.2.1:25");
  for (const DestinationTable& destinations :
       {table("", standard), table("# nothing\n\n", standard), DestinationTable(standard)}) {
    EXPECT_EQ(destinations.find(server, "").tls, TlsLevel::dane);
    EXPECT_EQ(destinations.standard().maximum_connections, 3U);
  }
  EXPECT_EQ(DestinationTable().find(server, "").tls, TlsLevel::may);
}

TEST(DestinationTable, knows_which_levels_are_in_use) {
  const DestinationTable destinations = table("192.0.2.1 encrypt\nmx.example.com verify\n");
  for (const TlsLevel level : {TlsLevel::may, TlsLevel::encrypt, TlsLevel::verify}) {
    EXPECT_TRUE(destinations.uses(level)) << word(level);
  }
  for (const TlsLevel level : {TlsLevel::none, TlsLevel::dane}) {
    EXPECT_FALSE(destinations.uses(level)) << word(level);
  }
}

TEST(DestinationTable, names_the_line_that_is_wrong) {
  struct Row {
    std::string text, want;
  };
  for (const Row& row : {
           Row{"192.0.2.1 may\n\n192.0.2.2 maybe\n",
               "list:3: \"maybe\" is not none, may, encrypt, verify or dane"},
           Row{"default may\ndefault may\n", "list:2: a second line for default"},
           Row{"192.0.2.1 may\n192.0.2.1/32 encrypt\n", "list:2: a second line for the same destination"},
           Row{"mx.example.com may\nMX.example.com may\n", "list:2: a second line for the same destination"},
           Row{"192.0.2.1 m\xc3\xa4y\n", "list:1: an octet that is not printable ASCII"},
           Row{"192.0.2.1 may\0\n"s, "list:1: an octet that is not printable ASCII"},
           Row{"192.0.2.1 may" + std::string(1000, ' ') + "\n", "list:1: a line that is too long"},
       }) {
    const auto destinations = DestinationTable::parse(row.text, "list", {});
    ASSERT_FALSE(destinations) << row.text;
    EXPECT_EQ(destinations.error().reason, Reason::bad_option);
    EXPECT_EQ(destinations.error().sentence, row.want);
  }
}

TEST(DestinationTable, is_bounded) {
  std::string text;
  for (int number = 0; number < 100'000; ++number) text += "h" + std::to_string(number) + "x may\n";
  EXPECT_TRUE(DestinationTable::parse(text, "list", {}));
  const auto destinations = DestinationTable::parse(text + "one.more may\n", "list", {});
  ASSERT_FALSE(destinations);
  EXPECT_EQ(destinations.error().sentence, "list:100001: more than 100000 entries");
}

}  // namespace
}  // namespace tecs
