#include "verdicts/reputation_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>
#include <thread>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/reputation_fakes.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class CachedReputation : public testing::Test {
 protected:
  std::unique_ptr<ReputationCache> cache(const ReputationCacheOptions& options = {}) {
    return std::make_unique<ReputationCache>(std::make_unique<test::ScriptedSource>(script), clock, options);
  }
  static std::string state(ReputationCache& cache, const std::string& domain,
                           std::chrono::milliseconds time_left = 1s) {
    const auto found = cache.lookup(domain, time_left);
    return !found ? found.error().sentence : found->reputation ? std::string(word(*found->reputation)) : "-";
  }

  test::HandClock clock;
  test::SourceScript script;
};

TEST_F(CachedReputation, IsKeptForItsTime) {
  struct Row {
    std::string_view test;
    std::chrono::seconds ttl, want;
  };
  for (const Row& row :
       {Row{"as DNS says", 120s, 120s}, Row{"the floor", 0s, 60s}, Row{"the ceiling", 86400s, 3600s},
        Row{"for ever", std::chrono::seconds::max(), 3600s}}) {
    for (const std::string domain : {"jgc.org", "nobody.example"}) {
      script.known = {{"jgc.org", Reputation::bad}};
      script.ttl = row.ttl;
      script.questions.clear();
      const auto kept = cache();
      const std::string want = state(*kept, domain);
      clock.advance(row.want - 1ms);
      EXPECT_EQ(state(*kept, domain), want) << row.test;
      EXPECT_EQ(script.asked().size(), 1U) << row.test;
      script.known.clear();
      clock.advance(1ms);
      EXPECT_EQ(state(*kept, domain), "-") << row.test;
      EXPECT_EQ(script.asked().size(), 2U) << row.test;
    }
  }
}

TEST_F(CachedReputation, AFailureIsKeptForSecondsOnly) {
  script.trouble = Error{Reason::dns_timeout, "nobody answers"};
  script.known = {{"jgc.org", Reputation::good}};
  const auto kept = cache();
  EXPECT_EQ(state(*kept, "jgc.org"), "nobody answers");
  script.trouble.reset();
  clock.advance(10s - 1ms);
  EXPECT_EQ(state(*kept, "jgc.org"), "nobody answers");
  clock.advance(1ms);
  EXPECT_EQ(state(*kept, "jgc.org"), "good");
}

TEST_F(CachedReputation, ADeadSourceIsLeftInPeace) {
  script.trouble = Error{Reason::dns_timeout, "nobody answers"};
  const auto kept = cache({.failures_before_rest = 3});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(state(*kept, std::to_string(i) + ".example"), "nobody answers");
  EXPECT_EQ(script.asked().size(), 3U);
  clock.advance(10s);
  EXPECT_EQ(state(*kept, "later.example"), "nobody answers");
  EXPECT_EQ(state(*kept, "directly.example"), "nobody answers");
  EXPECT_EQ(script.asked().size(), 4U) << "it is tried again, and left in peace again";
  clock.advance(10s);
  script.trouble.reset();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(state(*kept, std::to_string(i) + ".example"), "-");
  EXPECT_EQ(script.asked().size(), 14U) << "it is back";
}

TEST_F(CachedReputation, FailuresWithSuccessesBetweenThemAreNoDeath) {
  const auto kept = cache({.failures_before_rest = 2});
  for (int i = 0; i < 6; ++i) {
    if (i % 2 == 0) {
      script.trouble = Error{Reason::dns_timeout, "nobody answers"};
    } else {
      script.trouble.reset();
    }
    (void)kept->lookup(std::to_string(i) + ".example", 1s);
  }
  EXPECT_EQ(script.asked().size(), 6U);
}

TEST_F(CachedReputation, WithNoTimeOnlyWhatIsRememberedIsSaid) {
  script.known = {{"jgc.org", Reputation::good}, {"example.org", Reputation::bad}};
  const auto kept = cache();
  EXPECT_EQ(state(*kept, "jgc.org"), "good");
  EXPECT_EQ(state(*kept, "jgc.org", 0ms), "good");
  EXPECT_EQ(state(*kept, "example.org", 0ms), "no time was left to ask");
  EXPECT_EQ(state(*kept, "example.org"), "bad") << "that was no failure of the source";
  EXPECT_THAT(script.asked(), ElementsAre("jgc.org", "example.org"));
}

TEST_F(CachedReputation, IsBounded) {
  const auto kept = cache({.maximum_entries = 2});
  for (const std::string domain :
       {"a.example", "b.example", "a.example", "c.example", "a.example", "b.example"})
    (void)kept->lookup(domain, 1s);
  EXPECT_THAT(script.asked(), ElementsAre("a.example", "b.example", "c.example", "b.example"));
  EXPECT_EQ(kept->statistics().entries, 2U);
  EXPECT_EQ(kept->statistics().hits, 2U);
  EXPECT_EQ(kept->statistics().misses, 4U);
  script.questions.clear();
  const auto none = cache({.maximum_entries = 0});
  (void)none->lookup("a.example", 1s);
  (void)none->lookup("a.example", 1s);
  EXPECT_EQ(script.asked().size(), 2U);
}

TEST_F(CachedReputation, OneQuestionForANameIsUnderWayAtATime) {
  constexpr int others = 7;
  std::latch asked(1), answered(1);
  script.known = {{"jgc.org", Reputation::bad}};
  script.meanwhile = [&] {
    asked.count_down();
    answered.wait();
  };
  const auto kept = cache();
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { EXPECT_EQ(state(*kept, "jgc.org"), "bad"); });
    asked.wait();
    for (int i = 0; i < others; ++i)
      threads.emplace_back([&] { EXPECT_EQ(state(*kept, "jgc.org", 1h), "bad"); });
    while (kept->statistics().shared < others) std::this_thread::yield();
    EXPECT_EQ(state(*kept, "jgc.org", 1ms), "no time was left to wait for the answer");
    answered.count_down();
  }
  EXPECT_EQ(script.asked().size(), 1U);
}

TEST_F(CachedReputation, ABugOfTheSourceHoldsNobodyUp) {
  script.meanwhile = [] { throw std::logic_error("a bug"); };
  const auto kept = cache();
  EXPECT_THROW((void)kept->lookup("jgc.org", 1s), std::logic_error);
  EXPECT_EQ(state(*kept, "jgc.org"), "the question broke off");
}

}  // namespace
}  // namespace tecs
