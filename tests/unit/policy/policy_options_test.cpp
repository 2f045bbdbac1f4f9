#include "milter/policy/policy_options.hpp"

#include <gtest/gtest.h>

#include <boost/program_options/value_semantic.hpp>

#include "program/options.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs::test {
namespace {

namespace po = boost::program_options;
using namespace std::chrono_literals;

class PolicyOptionsTest : public testing::Test {
 protected:
  Expected<PolicyOptions> read(const std::string& file_text,
                               const std::vector<const char*>& more = {}) const {
    write_file(file, file_text);
    po::options_description table;
    table.add_options()("config", po::value<std::string>());
    add_policy_options(table);
    std::vector<const char*> arguments{"--config", file.c_str()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return read_options(arguments, table).and_then(read_policy_options);
  }

  TemporaryDirectory directory;
  std::string file = directory.file("milter.conf");
};

TEST_F(PolicyOptionsTest, default_to_the_rules_defaults) {
  const auto options = read("");
  ASSERT_TRUE(options) << options.error().sentence;
  EXPECT_EQ(options->greylist_file, "/var/lib/tecs/greylist.db");
  const auto rules = load_reception_rules(*options);
  ASSERT_TRUE(rules) << rules.error().sentence;
  const ReceptionRules standard;
  EXPECT_EQ((*rules)->mode, PolicyMode::monitor);
  EXPECT_EQ((*rules)->policy.thresholds.accept, standard.policy.thresholds.accept);
  EXPECT_EQ((*rules)->policy.thresholds.delay, standard.policy.thresholds.delay);
  EXPECT_EQ((*rules)->policy.thresholds.greylist, standard.policy.thresholds.greylist);
  EXPECT_EQ((*rules)->policy.thresholds.reject, standard.policy.thresholds.reject);
  EXPECT_EQ((*rules)->greylist, standard.greylist);
  EXPECT_EQ((*rules)->greylist_ipv4_bits, standard.greylist_ipv4_bits);
  EXPECT_EQ((*rules)->greylist_ipv6_bits, standard.greylist_ipv6_bits);
  EXPECT_EQ((*rules)->delay_time, standard.delay_time);
  EXPECT_EQ((*rules)->delay_limit, standard.delay_limit);
  EXPECT_EQ((*rules)->relay_guard, RelayGuard::postfix);
}

TEST_F(PolicyOptionsTest, become_the_rules) {
  const std::string list = directory.file("list");
  const std::string domains = directory.file("domains");
  write_file(list, "192.0.2.0/24\n");
  write_file(domains, "friend.example # and partner\n.friend.example\n");
  const auto options = read(
      "mode = enforce\n"
      "weight = TECS_NONE=3.5\n"
      "weight = REP_BAD=-1\n"
      "dry-run = TECS_FAIL\n"
      "dry-run = TECS_REPLAY\n"
      "accept-score = -10\n"
      "delay-score = never\n"
      "greylist-score = 3\n"
      "reject-score = 9.25\n"
      "exempt-networks = " +
      list +
      "\n"
      "exempt-domains = " +
      domains +
      "\n"
      "relay-domains = " +
      domains +
      "\n"
      "relay-guard = no\n"
      "greylist = sqlite:/tmp/g.db\n"
      "greylist-delay = 1s\n"
      "greylist-window = 1h\n"
      "greylist-lifetime = 2h\n"
      "greylist-size = 7\n"
      "greylist-ipv4-bits = 32\n"
      "greylist-ipv6-bits = 48\n"
      "delay-time = 25s\n"
      "delay-limit = 0\n");
  ASSERT_TRUE(options) << options.error().sentence;
  EXPECT_EQ(options->greylist_file, "/tmp/g.db");
  const auto loaded = load_reception_rules(*options);
  ASSERT_TRUE(loaded) << loaded.error().sentence;
  const ReceptionRules& rules = **loaded;
  EXPECT_EQ(rules.mode, PolicyMode::enforce);
  EXPECT_EQ(rules.policy.weights.of(Symbol::tecs_none).format(), "3.5");
  EXPECT_EQ(rules.policy.weights.of(Symbol::rep_bad).format(), "-1.0");
  EXPECT_EQ(rules.policy.dry_run, (std::set{Symbol::tecs_fail, Symbol::tecs_replay}));
  EXPECT_EQ(rules.policy.thresholds.accept, Score::of_thousandths(-10'000));
  EXPECT_EQ(rules.policy.thresholds.delay, std::nullopt);
  EXPECT_EQ(rules.policy.thresholds.greylist, Score::of_thousandths(3'000));
  EXPECT_EQ(rules.policy.thresholds.reject, Score::of_thousandths(9'250));
  EXPECT_TRUE(rules.exempt_networks.contains(*IpAddress::parse("192.0.2.1")));
  EXPECT_TRUE(rules.exempt_domains.contains(*Domain::parse("friend.example")));
  EXPECT_TRUE(rules.relay_domains.contains(*Domain::parse("a.friend.example")));
  EXPECT_EQ(rules.relay_guard, RelayGuard::none);
  EXPECT_EQ(rules.greylist, (GreylistLimits{1s, 1h, 2h, 7}));
  EXPECT_EQ(rules.greylist_ipv4_bits, 32U);
  EXPECT_EQ(rules.greylist_ipv6_bits, 48U);
  EXPECT_EQ(rules.delay_time, 25s);
  EXPECT_EQ(rules.delay_limit, 0U);
}

TEST_F(PolicyOptionsTest, guard_whom_they_say) {
  EXPECT_EQ(read("relay-guard = postfix\n")->relay_guard, RelayGuard::postfix);
  EXPECT_EQ(read("relay-guard = yes\n")->relay_guard, RelayGuard::all);
}

struct WrongRow {
  const char* line;
  const char* complaint;  // after "file:1: "
};

TEST_F(PolicyOptionsTest, that_are_wrong_are_named_with_file_line_and_key) {
  for (const auto& [line, complaint] :
       {WrongRow{"mode = on", "mode: must be monitor or enforce"},
        {"weight = TECS_NONE", "weight: must be SYMBOL=NUMBER, such as TECS_NONE=3.5"},
        {"weight = TECS_NIX=1", "weight: must be a symbol with a weight, such as TECS_FAIL or REP_BAD"},
        {"weight = EXEMPT=1", "weight: must be a symbol with a weight, such as TECS_FAIL or REP_BAD"},
        {"weight = TECS_NONE=x",
         "weight: must be a number from -1000 to 1000 with at most three decimals, such as -0.2"},
        {"dry-run = TECS_FAIL?", "dry-run: must be a symbol with a weight, such as TECS_FAIL or REP_BAD"},
        {"reject-score = off",
         "reject-score: must be a number from -1000 to 1000 with at most three decimals, such as -0.2"},
        {"relay-guard = on", "relay-guard: must be postfix, yes or no"},
        {"greylist = /var/lib/g.db", "greylist: must be sqlite: and the path of a file"},
        {"greylist = sqlite:", "greylist: must be sqlite: and the path of a file"},
        {"greylist-delay = 0s", "greylist-delay: must be from 1s to 1d"},
        {"greylist-ipv4-bits = 33", "greylist-ipv4-bits: must be a number from 8 to 32"},
        {"delay-time = 26s", "delay-time: must be from 1ms to 25s"},
        {"delay-limit = 1001", "delay-limit: must be a number from 0 to 1000"}}) {
    const auto options = read(line);
    ASSERT_FALSE(options) << line;
    EXPECT_EQ(options.error().sentence, file + ":1: " + complaint);
  }
}

struct ContradictionRow {
  const char* lines;
  const char* complaint;
};

TEST_F(PolicyOptionsTest, that_contradict_each_other_are_refused) {
  for (const auto& [lines, complaint] :
       {ContradictionRow{"reject-score = 4",
                         "reject-score (4.0) must be above greylist-score (4.0), or never"},
        {"accept-score = 2", "delay-score (2.0) must be above accept-score (2.0), or never"},
        {"delay-score = never\ngreylist-score = never\nreject-score = -5",
         "reject-score (-5.0) must be above accept-score (-4.0), or never"},
        {"weight = TECS_NONE=1\nweight = TECS_NONE=2", "weight: TECS_NONE is given twice"},
        {"greylist-window = 5m", "greylist-window must be longer than greylist-delay"}}) {
    const auto options = read(lines);
    ASSERT_FALSE(options) << lines;
    EXPECT_EQ(options.error().sentence, complaint);
  }
}

TEST_F(PolicyOptionsTest, name_list_files_that_must_be_readable) {
  const std::string list = directory.file("list");
  write_file(list, "# ours\n192.0.2.1/24\n");
  for (const char* const key : {"exempt-networks", "exempt-domains", "relay-domains"}) {
    const auto options = read(std::string(key) + " = " + list);
    ASSERT_TRUE(options) << options.error().sentence;
    const auto rules = load_reception_rules(*options);
    ASSERT_FALSE(rules) << key;
    EXPECT_TRUE(rules.error().sentence.starts_with(list + ":2: ")) << rules.error().sentence;
    const auto absent = load_reception_rules(*read(std::string(key) + " = " + list + "x"));
    EXPECT_EQ(absent.error().sentence, list + "x: No such file or directory") << key;
  }
}

}  // namespace
}  // namespace tecs::test
