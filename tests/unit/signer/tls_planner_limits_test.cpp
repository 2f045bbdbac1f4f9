#include "unit/signer/tls_planner_fixture.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

using namespace std::chrono_literals;

TEST_F(TlsPlannerTest, keeps_answers_as_long_as_they_say) {
  struct Row {
    const char* name;
    std::chrono::seconds ttl, want;
  };
  for (const Row& row : {Row{"as told", 200s, 200s}, Row{"the host's is shorter", 400s, 300s},
                         Row{"at least", 1s, 5s}, Row{"not to be kept", 0s, 5s}}) {
    TlsPlanner planner(source_, clock_);
    host(true);
    tlsa("mx.example.com", {ee_record}, true, row.ttl);
    const auto asks = [&] {
      source_.questions_.clear();
      EXPECT_TRUE(planner.plan({.tls = TlsLevel::dane}, server_, "mx.example.com"));
      return !source_.questions_.empty();
    };
    EXPECT_TRUE(asks()) << row.name;
    clock_.advance(row.want - 1ms);
    EXPECT_FALSE(asks()) << row.name;
    clock_.advance(1ms);
    EXPECT_TRUE(asks()) << row.name;
  }
}

TEST_F(TlsPlannerTest, keeps_an_answer_without_a_time_for_a_minute_and_none_for_more_than_an_hour) {
  const auto kept_for = [this](std::optional<std::chrono::seconds> ttl) {
    TlsPlanner planner(source_, clock_);
    source_.hosts_.insert_or_assign("mx.example.com A", HostAnswer{{}, "mx.example.com", ttl, true});
    tlsa("mx.example.com", {}, true, ttl);
    source_.questions_.clear();
    std::chrono::seconds passed{0};
    for (; source_.questions_.size() <= 2; passed += 1s) {
      EXPECT_TRUE(planner.plan({.tls = TlsLevel::dane}, server_, "mx.example.com"));
      clock_.advance(1s);
    }
    return passed - 1s;
  };
  EXPECT_EQ(kept_for(std::nullopt), 60s);
  EXPECT_EQ(kept_for(0s), 5s) << "which is a time";
  EXPECT_EQ(kept_for(86'400s), 3600s);
}

TEST_F(TlsPlannerTest, keeps_a_failure_for_seconds) {
  EXPECT_FALSE(plan(TlsLevel::dane));
  EXPECT_FALSE(plan(TlsLevel::dane));
  EXPECT_EQ(source_.questions_.size(), 1U);
  host(true);
  tlsa("mx.example.com", {ee_record});
  clock_.advance(3s);
  EXPECT_EQ(text(plan(TlsLevel::dane)), "dane required [mx.example.com] 1 tlsa");
}

TEST_F(TlsPlannerTest, keeps_a_bounded_number_of_answers) {
  TlsPlanner planner(source_, clock_, {.answers = 2});
  host(true);
  tlsa("mx.example.com", {ee_record});
  const auto questions_for = [&](const std::string& host) {
    source_.questions_.clear();
    (void)planner.plan({.tls = TlsLevel::dane}, server_, host);
    return source_.questions_.size();
  };
  EXPECT_EQ(questions_for("mx.example.com"), 2U);
  EXPECT_EQ(questions_for("a.example.com"), 1U);
  EXPECT_EQ(questions_for("b.example.com"), 1U);
  EXPECT_EQ(questions_for("mx.example.com"), 0U) << "it stays longer than failures";
  EXPECT_EQ(questions_for("a.example.com"), 1U) << "it made room";
}

TEST_F(TlsPlannerTest, counts_the_check_of_the_resolver_into_its_time) {
  source_.slowness_ = 4s;
  EXPECT_FALSE(plan(TlsLevel::dane));
  EXPECT_EQ(source_.check_times_, std::vector<std::chrono::milliseconds>{10s});
  EXPECT_EQ(source_.times_, std::vector<std::chrono::milliseconds>{6s});
}

TEST_F(TlsPlannerTest, takes_no_longer_than_its_time) {
  ASSERT_TRUE(planner_.check_resolver("."));
  source_.slowness_ = 4s;
  host(true, "mx.example.net");
  tlsa("mx.example.net", {});
  tlsa("mx.example.com", {ee_record});
  EXPECT_TRUE(plan(TlsLevel::dane));
  EXPECT_EQ(source_.times_, (std::vector<std::chrono::milliseconds>{10s, 6s, 2s}));
  clock_.advance(1h);
  source_.times_.clear();
  source_.slowness_ = 8s;
  EXPECT_TRUE(plan(TlsLevel::dane));
  EXPECT_EQ(source_.times_, (std::vector<std::chrono::milliseconds>{10s, 2s, 0s}));
}

}  // namespace
}  // namespace tecs::test
