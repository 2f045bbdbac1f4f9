#include "tools/time_option.hpp"

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::StartsWith;

// The stopped clock says 2007-02-07T00:00:10Z.
constexpr Verdict::Time now{std::chrono::milliseconds{1170806410000}};

Outcome<Period> read(const std::vector<const char*>& arguments) {
  OptionTable table;
  add_period_options(table);
  const StoppedClock clock;
  return read_period(read_options(arguments, table).value(), clock);
}

TEST(TimeOption, AnAgeCountsFromNow) {
  const auto period = read({"--since", "7d", "--until", "90s"});
  ASSERT_TRUE(period);
  EXPECT_EQ(period->since, now - std::chrono::days{7});
  EXPECT_EQ(period->until, now - std::chrono::seconds{90});
}

TEST(TimeOption, ATimeIsThatTime) {
  const auto period = read({"--since", "2007-02-06", "--until", "2007-02-07T00:00:10+00:00"});
  ASSERT_TRUE(period);
  EXPECT_EQ(period->since, now - std::chrono::days{1} - std::chrono::seconds{10});
  EXPECT_EQ(period->until, now);
}

TEST(TimeOption, BothMayBeLeftOut) {
  EXPECT_EQ(*read({}), Period{});
}

TEST(TimeOption, RefusesWhatIsNoTime) {
  struct Row {
    std::string name;
    std::vector<const char*> arguments;
    std::string want;
  };
  for (const Row& row : {
           Row{"no unit", {"--since", "5"}, "--since: not a time: write an age such as"},
           Row{"a word", {"--until", "yesterday"}, "--until: not a time: write an age such as"},
           Row{"too old", {"--since", "99999d"}, "--since: a duration of more than 36500d"},
           Row{"no such day", {"--until", "2026-02-30"}, "--until: not a time: write a date such as"},
           Row{"backwards", {"--since", "1h", "--until", "2h"}, "--since is not before --until"},
           Row{"empty", {"--since", "1h", "--until", "1h"}, "--since is not before --until"},
       }) {
    SCOPED_TRACE(row.name);
    const auto period = read(row.arguments);
    ASSERT_FALSE(period);
    EXPECT_EQ(period.error().code, ExitCode::usage);
    EXPECT_THAT(period.error().sentence, StartsWith(row.want));
  }
}

}  // namespace
}  // namespace tecs
