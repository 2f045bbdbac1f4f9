#include "milter/exchange_options.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "program/options.hpp"

namespace tecs {
namespace {

Expected<ExchangeOptions> read(std::vector<const char*> arguments) {
  boost::program_options::options_description table("Options");
  table.add_options()("config", boost::program_options::value<std::string>(), "");
  add_exchange_options(table);
  const auto values = read_options(arguments, table);
  if (!values) return tl::unexpected(values.error());
  return read_exchange_options(*values);
}

TEST(ExchangeOptions, DefaultsAreThoseOfTheTypes) {
  const auto options = read({});
  ASSERT_TRUE(options) << options.error().sentence;
  const ExchangeLimits standard;
  EXPECT_EQ(options->limits.attempts, standard.attempts);
  EXPECT_EQ(options->limits.lookups.per_minute, standard.lookups.per_minute);
  EXPECT_EQ(options->limits.lookups.under_way, standard.lookups.under_way);
  EXPECT_EQ(options->limits.replays, standard.replays);
  EXPECT_EQ(options->maximum_sessions, 100'000U);
  EXPECT_EQ(options->maximum_sasl_connections, 1000U);
  EXPECT_TRUE(options->public_addresses.of(*Endpoint::parse("10.0.0.5:25")).empty());
}

TEST(ExchangeOptions, AreAllTaken) {
  const auto options =
      read({"--auth-attempts=5", "--lookup-rate=60", "--lookups-under-way=20", "--replay-memory-size=5000",
            "--maximum-sessions=500", "--maximum-sasl-connections=50", "--public-address=10.0.0.5=192.0.2.25",
            "--public-address", "10.0.0.5:25=192.0.2.26:2525"});
  ASSERT_TRUE(options) << options.error().sentence;
  const ExchangeRules rules = make_exchange_rules(*options, VerifierOptions{.epoch_tolerance = 2});
  EXPECT_EQ(rules.verifier.epoch_tolerance, 2);
  EXPECT_EQ(rules.limits.attempts, 5U);
  EXPECT_EQ(rules.limits.lookups.per_minute, 60U);
  EXPECT_EQ(rules.limits.lookups.under_way, 20U);
  EXPECT_EQ(rules.limits.replays, 5000U);
  EXPECT_EQ(rules.public_addresses.of(*Endpoint::parse("10.0.0.5:25")).size(), 2U);
  EXPECT_EQ(options->maximum_sessions, 500U);
  EXPECT_EQ(options->maximum_sasl_connections, 50U);
}

TEST(ExchangeOptions, RefuseWhatMakesNoSenseAndNameTheOption) {
  struct Row {
    std::vector<const char*> arguments;
    const char* option;
  };
  for (const Row& row : {
           Row{{"--auth-attempts=0"}, "auth-attempts"},
           Row{{"--auth-attempts=three"}, "auth-attempts"},
           Row{{"--lookup-rate=0"}, "lookup-rate"},
           Row{{"--lookups-under-way=-1"}, "lookups-under-way"},
           Row{{"--replay-memory-size=999"}, "replay-memory-size"},
           Row{{"--maximum-sessions=9"}, "maximum-sessions"},
           Row{{"--maximum-sasl-connections=9"}, "maximum-sasl-connections"},
           Row{{"--public-address=10.0.0.5"}, "public-address"},
           Row{{"--public-address=10.0.0.5=192.0.2.25", "--public-address=10.0.0.5=192.0.2.25"},
               "public-address"},
       }) {
    const auto options = read(row.arguments);
    ASSERT_FALSE(options) << row.arguments[0];
    EXPECT_EQ(options.error().reason, Reason::bad_option);
    EXPECT_NE(options.error().sentence.find(row.option), std::string::npos) << options.error().sentence;
  }
}

}  // namespace
}  // namespace tecs
