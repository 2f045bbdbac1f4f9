// What strangers and administrators make the cache forget, and what it says of itself.
#include <gtest/gtest.h>

#include <latch>
#include <string>
#include <thread>

#include "tecs/adapters/key_cache.hpp"
#include "unit/adapters/scripted_source.hpp"
#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::absent;
using test::failed;
using test::found;
using test::HandClock;
using test::ScriptedSource;

// A stranger can name any number of domains that do not exist.
TEST(KeyCache, WhatHoldsNoKeyDrivesOutNoKey) {
  HandClock clock;
  ScriptedSource source([](const std::string& name) {
    if (name.starts_with("key")) return found(600s);
    return name.ends_with("0") ? absent(600s) : failed(Reason::dns_timeout);
  });
  KeyCache cache(source, clock, {.maximum_entries = 10});
  for (const char* name : {"key1", "key2", "key3"}) static_cast<void>(cache.lookup(name));
  for (int i = 0; i < 1000; ++i) static_cast<void>(cache.lookup(std::to_string(i)));
  EXPECT_EQ(cache.statistics().entries, 10U);
  for (const char* name : {"key1", "key2", "key3"}) {
    static_cast<void>(cache.lookup(name));
    EXPECT_EQ(source.asked(name), 1) << name;
  }
  for (int i = 0; i < 20; ++i) static_cast<void>(cache.lookup("key1" + std::to_string(i)));
  EXPECT_EQ(cache.statistics().entries, 10U);
  static_cast<void>(cache.lookup("999"));
  EXPECT_EQ(source.asked("999"), 2) << "keys take the room of what holds none";
}

TEST(KeyCache, SaysWhetherItWouldAsk) {
  HandClock clock;
  std::latch gate(1);
  ScriptedSource source([&](const std::string& name) {
    if (name == "slow") gate.wait();
    return name == "down" ? failed(Reason::dns_timeout) : found(60s);
  });
  KeyCache cache(source, clock, {.maximum_entries = 10, .failure_ttl = 3s});
  EXPECT_TRUE(cache.would_ask("a"));
  EXPECT_TRUE(cache.would_ask("a")) << "the question itself changes nothing";
  for (const char* name : {"a", "down"}) static_cast<void>(cache.lookup(name));
  EXPECT_FALSE(cache.would_ask("a"));
  EXPECT_FALSE(cache.would_ask("down"));
  {
    const std::jthread asking([&] { static_cast<void>(cache.lookup("slow")); });
    source.wait_until_asked("slow");
    EXPECT_FALSE(cache.would_ask("slow")) << "somebody has asked already";
    gate.count_down();
  }
  clock.advance(3s);
  EXPECT_TRUE(cache.would_ask("down"));
  EXPECT_FALSE(cache.would_ask("a"));
  clock.advance(57s);
  EXPECT_TRUE(cache.would_ask("a")) << "what has expired is not known";
  EXPECT_EQ(cache.statistics().hits, 0U);
}

TEST(KeyCache, ForgetsAllWhenTold) {
  HandClock clock;
  ScriptedSource source([](const std::string& name) { return name == "absent" ? absent(60s) : found(60s); });
  KeyCache cache(source, clock, {});
  for (const char* name : {"a", "b", "absent"}) static_cast<void>(cache.lookup(name));
  cache.clear();
  EXPECT_EQ(cache.statistics().entries, 0U);
  for (const char* name : {"a", "b", "absent"}) {
    EXPECT_TRUE(cache.would_ask(name)) << name;
    static_cast<void>(cache.lookup(name));
    EXPECT_EQ(source.asked(name), 2) << name;
  }
}

TEST(KeyCache, RemembersWhatWasOnItsWayWhenItWasToldToForget) {
  HandClock clock;
  std::latch gate(1);
  ScriptedSource source([&](const std::string&) {
    gate.wait();
    return found(60s);
  });
  KeyCache cache(source, clock, {});
  {
    const std::jthread asking([&] { EXPECT_TRUE(cache.lookup("a").record); });
    source.wait_until_asked("a");
    cache.clear();
    gate.count_down();
  }
  EXPECT_FALSE(cache.would_ask("a"));
}

}  // namespace
}  // namespace tecs
