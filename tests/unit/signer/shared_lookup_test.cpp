#include "signer/shared_lookup.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

const std::vector<IpAddress> found{IpAddress::parse("192.0.2.25").value()};

TEST(SharedLookup, serves_an_answer_for_its_time) {
  test::HandClock clock;
  int asked = 0;
  SharedLookup lookup([&](const std::string&) { return ++asked, found; }, clock, {.found = 10s});
  EXPECT_EQ(lookup.addresses("mx.example.net"), found);
  clock.advance(9999ms);
  EXPECT_EQ(lookup.addresses("mx.example.net"), found);
  EXPECT_EQ(asked, 1);
  clock.advance(1ms);
  EXPECT_EQ(lookup.addresses("mx.example.net"), found);
  EXPECT_EQ(asked, 2);
}

TEST(SharedLookup, serves_a_failure_for_less) {
  test::HandClock clock;
  int asked = 0;
  SharedLookup lookup(
      [&](const std::string&) -> Expected<std::vector<IpAddress>> {
        if (++asked == 1) return failure(Reason::dns_timeout, "silence");
        return found;
      },
      clock, {.found = 10s, .failed = 2s});
  EXPECT_EQ(lookup.addresses("mx.example.net").error().reason, Reason::dns_timeout);
  clock.advance(1999ms);
  EXPECT_FALSE(lookup.addresses("mx.example.net"));
  clock.advance(1ms);
  EXPECT_TRUE(lookup.addresses("mx.example.net"));
}

TEST(SharedLookup, asks_once_however_many_wait) {
  test::HandClock clock;
  std::atomic<int> asked = 0;
  std::latch all_started{4};
  SharedLookup lookup(
      [&](const std::string&) {
        ++asked;
        all_started.wait();
        return found;
      },
      clock);
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      all_started.count_down();
      EXPECT_EQ(lookup.addresses("mx.example.net"), found);
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace tecs
