#include "tools/listing.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace tecs {
namespace {

std::string printed(const Listing& listing, ListingFormat format) {
  std::ostringstream out;
  listing.print(format, out);
  return out.str();
}

Listing sample() {
  Listing listing({{.name = "name", .heading = "NAME", .keep = ListingColumn::Keep::end},
                   {.name = "count", .heading = "COUNT", .side = ListingColumn::Side::right},
                   {.name = "exact"},
                   {.heading = "SHARE", .side = ListingColumn::Side::right}});
  listing.add({std::string("example.org"), std::uint64_t{12345}, 0.5, std::string("99.0%")});
  listing.add({std::string(), std::uint64_t{7}, std::monostate(), std::string("1.0%")});
  return listing;
}

TEST(Listing, ATableHasColumnsThatStandUnderEachOther) {
  EXPECT_EQ(printed(sample(), ListingFormat::table),
            "NAME         COUNT  SHARE\n"
            "example.org  12345  99.0%\n"
            "-                7   1.0%\n");
}

TEST(Listing, JsonIsAnObjectALine) {
  EXPECT_EQ(printed(sample(), ListingFormat::json),
            "{\"name\":\"example.org\",\"count\":12345,\"exact\":0.5}\n"
            "{\"name\":\"\",\"count\":7,\"exact\":null}\n");
}

TEST(Listing, CsvHasAHeading) {
  EXPECT_EQ(printed(sample(), ListingFormat::csv),
            "name,count,exact\r\n"
            "example.org,12345,0.5\r\n"
            ",7,\r\n");
}

TEST(Listing, WithoutRowsThereIsTheHeading) {
  const Listing listing(std::vector<ListingColumn>{{.name = "name", .heading = "NAME"}});
  EXPECT_EQ(printed(listing, ListingFormat::table), "NAME\n");
  EXPECT_EQ(printed(listing, ListingFormat::json), "");
  EXPECT_EQ(printed(listing, ListingFormat::csv), "name\r\n");
}

TEST(Listing, IsNoWiderThanAHundredColumns) {
  Listing listing({{.name = "", .heading = "DOMAIN", .keep = ListingColumn::Keep::end},
                   {.name = "", .heading = "COUNT", .side = ListingColumn::Side::right},
                   {.name = "", .heading = "TEXT", .keep = ListingColumn::Keep::beginning}});
  listing.add({std::string(200, 'a') + ".example.org", std::uint64_t{18446744073709551615U},
               "begins so " + std::string(200, 'b')});
  listing.add({std::string("short.org"), std::uint64_t{1}, std::string("short")});
  std::istringstream lines(printed(listing, ListingFormat::table));
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  EXPECT_EQ(line.size(), 100U);
  EXPECT_EQ(line.substr(0, 5), "~aaaa");
  EXPECT_NE(line.find("a.example.org  18446744073709551615  begins so bb"), std::string::npos) << line;
  EXPECT_EQ(line.back(), '~');
}

TEST(Listing, AStrangersTextCannotReachTheTerminal) {
  Listing listing(std::vector<ListingColumn>{{.name = "text", .heading = "TEXT"}});
  listing.add({std::string("\x1b]0;owned\x07\n\xc2\x9b=1\"")});
  for (const ListingFormat format : {ListingFormat::table, ListingFormat::json, ListingFormat::csv}) {
    for (const char character : printed(listing, format)) {
      EXPECT_TRUE(character == '\n' || character == '\r' || (character >= 0x20 && character < 0x7f));
    }
  }
  listing = Listing(std::vector<ListingColumn>{{.name = "text"}});
  listing.add({std::string("=cmd|' /C calc'!A0")});
  EXPECT_EQ(printed(listing, ListingFormat::csv), "text\r\n\"'=cmd|' /C calc'!A0\"\r\n");
}

TEST(Listing, OctetsAreReadAtAGlance) {
  for (const auto& [octets, want] : std::vector<std::pair<std::uint64_t, std::string>>{
           {0, "0"},
           {999, "999"},
           {1000, "1.0 kB"},
           {9'949, "9.9 kB"},
           {9'950, "10 kB"},
           {999'499, "999 kB"},
           {999'500, "1.0 MB"},
           {5'000'000'000, "5.0 GB"},
           {UINT64_MAX, "18 EB"},
       }) {
    EXPECT_EQ(octets_text(octets), want) << octets;
  }
}

TEST(Listing, SharesHaveOneDigitBehindThePoint) {
  EXPECT_EQ(share_text(1, 3), "33.3%");
  EXPECT_EQ(share_text(0, 3), "0.0%");
  EXPECT_EQ(share_text(3, 3), "100.0%");
  EXPECT_EQ(share_text(0, 0), "-");
}

}  // namespace
}  // namespace tecs
