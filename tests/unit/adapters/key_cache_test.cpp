#include "tecs/adapters/key_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include "unit/adapters/scripted_source.hpp"
#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::HandClock;

using test::absent;
using test::failed;
using test::found;
using test::ScriptedSource;

// Waits until so many threads share somebody else's question.
void wait_until_shared(const KeyCache& cache, std::size_t count) {
  while (cache.statistics().shared < count) std::this_thread::yield();
}

TEST(KeyCache, RemembersEachKindOfAnswerForItsTime) {
  const KeyCacheOptions options{.maximum_entries = 10,
                                .minimum_ttl = 30s,
                                .maximum_ttl = 1000s,
                                .maximum_negative_ttl = 100s,
                                .failure_ttl = 3s};
  struct Row {
    std::string_view test;
    KeyLookup answer;
    std::chrono::seconds want;
  };
  for (const Row& row : {
           Row{"found", found(60s), 60s},
           Row{"found, below the floor", found(1s), 30s},
           Row{"found, above the ceiling", found(5000s), 1000s},
           Row{"no key record", absent(60s), 60s},
           Row{"no key record, below the floor", absent(5s), 5s},
           Row{"no key record, not to be remembered", absent(0s), 0s},
           Row{"no key record, above its ceiling", absent(500s), 100s},
           Row{"unusable record", failed(Reason::bad_key_record, 60s), 60s},
           Row{"unusable record, below the floor", failed(Reason::several_keys, 0s), 30s},
           Row{"unusable record, above its ceiling", failed(Reason::key_too_large, 500s), 100s},
           Row{"timeout", failed(Reason::dns_timeout, 500s), 3s},
           Row{"error", failed(Reason::dns_error), 3s},
       }) {
    HandClock clock;
    ScriptedSource source([&](const std::string&) { return row.answer; });
    KeyCache cache(source, clock, options);
    EXPECT_EQ(cache.lookup("a").ttl, row.want) << row.test;
    EXPECT_EQ(cache.statistics().entries, row.want == 0s ? 0U : 1U) << row.test;
    if (row.want > 0s) {
      clock.advance(row.want - 1ms);
      const KeyLookup kept = cache.lookup("a");
      EXPECT_EQ(source.asked("a"), 1) << row.test;
      EXPECT_EQ(kept.ttl, 1s) << row.test << ": what is left of it";
      EXPECT_EQ(kept.record.has_value(), row.answer.record.has_value()) << row.test;
      clock.advance(1ms);
    }
    static_cast<void>(cache.lookup("a"));
    EXPECT_EQ(source.asked("a"), 2) << row.test;
  }
}

TEST(KeyCache, GivesBackWhatItGot) {
  HandClock clock;
  const KeyLookup answer = found(60s, true);
  ScriptedSource source([&](const std::string&) { return answer; });
  KeyCache cache(source, clock, {});
  for (int i = 0; i < 2; ++i) {
    const KeyLookup got = cache.lookup("a");
    ASSERT_TRUE(got.record);
    EXPECT_EQ(got.record->get(), answer.record->get()) << "the parsed key is shared, not copied";
    EXPECT_TRUE(got.dnssec);
  }
  EXPECT_EQ(source.asked("a"), 1);
}

TEST(KeyCache, KeepsTheMostRecentlyUsed) {
  HandClock clock;
  ScriptedSource source([](const std::string&) { return found(60s); });
  KeyCache cache(source, clock, {.maximum_entries = 3});
  for (const char* name : {"a", "b", "c", "a", "d"}) static_cast<void>(cache.lookup(name));  // b goes
  EXPECT_EQ(cache.statistics().entries, 3U);
  for (const char* name : {"a", "c", "d"}) static_cast<void>(cache.lookup(name));
  for (const char* name : {"a", "c", "d"}) EXPECT_EQ(source.asked(name), 1) << name;
  static_cast<void>(cache.lookup("b"));
  EXPECT_EQ(source.asked("b"), 2);
}

TEST(KeyCache, OfNoEntriesRemembersNothing) {
  HandClock clock;
  ScriptedSource source([](const std::string&) { return found(60s); });
  KeyCache cache(source, clock, {.maximum_entries = 0});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(cache.lookup("a").record);
  EXPECT_EQ(source.asked("a"), 3);
  EXPECT_EQ(cache.statistics().entries, 0U);
}

TEST(KeyCache, StaysBoundedWhateverIsAsked) {
  HandClock clock;
  ScriptedSource source(
      [](const std::string& name) { return name.size() % 2 == 0 ? found(60s) : failed(Reason::dns_error); });
  KeyCache cache(source, clock, {.maximum_entries = 100});
  for (int i = 0; i < 5000; ++i) {
    static_cast<void>(cache.lookup(std::to_string(i * 7 % 3000)));
    if (i % 100 == 0) clock.advance(1s);
  }
  EXPECT_EQ(cache.statistics().entries, 100U);
}

TEST(KeyCache, AsksOnceHoweverManyWait) {
  constexpr std::size_t threads = 20;
  HandClock clock;
  std::latch gate(1);
  ScriptedSource source([&](const std::string&) {
    gate.wait();
    return found(60s);
  });
  KeyCache cache(source, clock, {});
  std::atomic<int> passed = 0;
  {
    std::vector<std::jthread> asking;
    for (std::size_t i = 0; i < threads; ++i) {
      asking.emplace_back([&] {
        if (cache.lookup("a").record) ++passed;
      });
    }
    wait_until_shared(cache, threads - 1);
    gate.count_down();
  }
  EXPECT_EQ(passed, 20);
  EXPECT_EQ(source.asked("a"), 1);
  const auto statistics = cache.statistics();
  EXPECT_EQ(statistics.misses, 1U);
  EXPECT_EQ(statistics.shared, threads - 1);
  EXPECT_EQ(statistics.hits, 0U);
}

TEST(KeyCache, ASlowNameHoldsUpNoOther) {
  HandClock clock;
  std::latch gate(1);
  ScriptedSource source([&](const std::string& name) {
    if (name == "slow") gate.wait();
    return found(60s);
  });
  KeyCache cache(source, clock, {});
  std::jthread asking([&] { EXPECT_TRUE(cache.lookup("slow").record); });
  source.wait_until_asked("slow");
  EXPECT_TRUE(cache.lookup("quick").record);  // would wait for ever
  EXPECT_TRUE(cache.lookup("quick").record);
  gate.count_down();
}

TEST(KeyCache, ServesNothingThatExpiredWhileAskingAgain) {
  HandClock clock;
  std::latch gate(1);
  std::atomic<int> round = 0;
  ScriptedSource source([&](const std::string&) {
    if (++round == 1) return found(60s);
    gate.wait();
    return failed(Reason::key_revoked, 60s);
  });
  KeyCache cache(source, clock, {});
  EXPECT_TRUE(cache.lookup("a").record);
  clock.advance(61s);
  {
    std::jthread first([&] { EXPECT_FALSE(cache.lookup("a").record); });
    while (round < 2) std::this_thread::yield();
    std::jthread second([&] { EXPECT_FALSE(cache.lookup("a").record) << "the expired key was served"; });
    wait_until_shared(cache, 1);
    gate.count_down();
  }
  EXPECT_EQ(source.asked("a"), 2);
}

TEST(KeyCache, CountsTheLifetimeFromTheAnswer) {
  HandClock clock;
  ScriptedSource source([&](const std::string&) {
    clock.advance(100s);  // a very slow source
    return found(60s);
  });
  KeyCache cache(source, clock, {});
  static_cast<void>(cache.lookup("a"));
  clock.advance(59s);
  static_cast<void>(cache.lookup("a"));
  EXPECT_EQ(source.asked("a"), 1);
}

TEST(KeyCache, ReleasesThoseWhoWaitWhenTheSourceThrows) {
  HandClock clock;
  std::latch gate(1);
  std::atomic<bool> broken = true;
  ScriptedSource source([&](const std::string&) {
    gate.wait();
    if (broken) throw std::logic_error("a bug");
    return found(60s);
  });
  KeyCache cache(source, clock, {});
  {
    std::jthread first([&] { EXPECT_THROW(static_cast<void>(cache.lookup("a")), std::logic_error); });
    source.wait_until_asked("a");
    std::jthread second([&] {
      const KeyLookup got = cache.lookup("a");
      ASSERT_FALSE(got.record);
      EXPECT_EQ(got.record.error().reason, Reason::dns_error);
    });
    wait_until_shared(cache, 1);
    gate.count_down();
  }
  broken = false;
  EXPECT_TRUE(cache.lookup("a").record) << "it is asked again, nothing was remembered";
}

TEST(KeyCache, HoldsUnderManyThreads) {
  HandClock clock;
  ScriptedSource source(
      [](const std::string& name) { return name.back() == '7' ? failed(Reason::dns_timeout) : found(30s); });
  KeyCache cache(source, clock, {.maximum_entries = 50});
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 2000; ++i) {
          const std::string name = std::to_string((i * (thread + 3)) % 100);
          if (cache.lookup(name).record.has_value() == (name.back() == '7')) ++wrong;
          if (i % 50 == 0) clock.advance(1s);
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  const auto statistics = cache.statistics();
  EXPECT_EQ(statistics.hits + statistics.misses + statistics.shared, 8U * 2000U);
  EXPECT_LE(statistics.entries, 50U);
}

}  // namespace
}  // namespace tecs
