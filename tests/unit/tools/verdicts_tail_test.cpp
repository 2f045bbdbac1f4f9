#include "tools/verdicts_tail.hpp"

#include "unit/tools/verdicts_fixture.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class VerdictsTail : public VerdictsTest {
 protected:
  Ran tail(std::vector<std::string> more) {
    more.insert(more.begin(), "tail");
    return verdicts(more);
  }
  // By the last digit of the id, in order.
  static std::string numbers(const std::string& lines) {
    std::istringstream in(lines);
    std::string found;
    for (std::string line; std::getline(in, line);) found += parse_json(line)->id.back();
    return found;
  }
};

TEST_F(VerdictsTail, TheNewestArrivalStandsAtTheEnd) {
  const Ran ran = tail({});
  EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, StartsWith("TIME (UTC) "));
  EXPECT_THAT(ran.out, HasSubstr("\n2007-02-06 23:59:10 pass "));
  EXPECT_EQ(numbers(tail({"--format", "json"}).out), "123");
  EXPECT_EQ(numbers(tail({"--format", "json", "-n", "2"}).out), "23");
}

TEST_F(VerdictsTail, FollowsUntilItIsToEnd) {
  int pauses = 0;
  pause_ = [&](std::chrono::milliseconds time) {
    EXPECT_EQ(time, std::chrono::seconds{1});
    if (++pauses == 1) write({aged(4, std::chrono::days{9}), aged(1, {})});
    if (pauses == 2) write({aged(5, std::chrono::days{8})});
    return pauses < 4;
  };
  const Ran ran = tail({"-f", "-n", "1", "--format", "json"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(numbers(ran.out), "345");
  EXPECT_EQ(pauses, 4);
}

TEST_F(VerdictsTail, WaitsForAStoreThatIsAway) {
  int pauses = 0;
  pause_ = [&](std::chrono::milliseconds) {
    const auto database = open_verdict_database(StoreName::parse(store_).value(), StoreMode::read_write);
    EXPECT_TRUE(database);
    ++pauses;
    if (pauses == 1) {
      EXPECT_TRUE((*database)->execute("ALTER TABLE verdicts RENAME TO elsewhere"));
    }
    if (pauses == 3) {
      EXPECT_TRUE((*database)->execute("ALTER TABLE elsewhere RENAME TO verdicts"));
      write({aged(4, {})});
    }
    return pauses < 4;
  };
  const Ran ran = tail({"--follow", "-n", "1", "--format", "json"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(numbers(ran.out), "34");
  EXPECT_THAT(ran.err, StartsWith("tecs verdicts tail: "));
  EXPECT_THAT(ran.err, testing::EndsWith("; trying again\n"));
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << "said once";
}

TEST_F(VerdictsTail, EndsWhenNobodyReads) {
  int pauses = 0;
  std::ofstream full("/dev/full");
  std::ostringstream err;
  const Environment environment{.clock = clock_,
                                .out = full,
                                .err = err,
                                .in = in_,
                                .open_dns = {},
                                .pause = [&](std::chrono::milliseconds) { return ++pauses < 5; }};
  const std::vector<const char*> arguments{"-f", "--store", store_.c_str()};
  EXPECT_EQ(run_verdicts_tail(arguments, environment), ExitCode::ok);
  EXPECT_EQ(pauses, 0);
}

TEST_F(VerdictsTail, KnowsTwoForms) {
  const Ran ran = tail({"--format", "csv"});
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_THAT(ran.err, StartsWith("tecs verdicts tail: --format: table or json\n"));
}

}  // namespace
}  // namespace tecs
