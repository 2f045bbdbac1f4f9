#include "tools/protocol_options.hpp"

#include <gtest/gtest.h>

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

// That each subcommand names the bad option is tested with `tecs sign`; here: what the values become.
OptionValues read(const std::vector<const char*>& arguments) {
  OptionTable table;
  add_domain_options(table);
  add_tuple_options(table);
  add_time_option(table);
  std::vector<const char*> all{"--domain",          "Example.ORG", "--destination",
                               "[2001:DB8::25]:25", "--source",    "[2001:db8:0::1]:40213"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return *read_options(all, table);
}

TEST(ProtocolOptions, NamesAreInLowerCase) {
  const OptionValues values = read({"--selector", "S1.East"});
  EXPECT_EQ(read_domain(values)->text(), "example.org");
  EXPECT_EQ(read_selector(values)->value().text(), "s1.east");
}

TEST(ProtocolOptions, ASelectorCanBeAbsent) {
  EXPECT_EQ(*read_selector(read({})), std::nullopt);
}

TEST(ProtocolOptions, TheTupleHasBothEnds) {
  const auto tuple = read_tuple(read({}));
  ASSERT_TRUE(tuple);
  EXPECT_EQ(tuple->destination().format(), "[2001:db8::25]:25");
  EXPECT_EQ(tuple->source().format(), "[2001:db8::1]:40213");
}

TEST(ProtocolOptions, TimeIsTheClocksUnlessGiven) {
  const StoppedClock clock;
  using std::chrono::seconds;
  EXPECT_EQ(read_time(read({}), clock)->time_since_epoch(), seconds{1170806410});
  EXPECT_EQ(read_time(read({"--time", "0"}), clock)->time_since_epoch(), seconds{0});
  EXPECT_EQ(read_time(read({"--time", "253402300799"}), clock)->time_since_epoch(), seconds{253402300799});
}

}  // namespace
}  // namespace tecs
