#include "milter/policy/delay_gate.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace tecs::test {
namespace {

using namespace std::chrono_literals;

void wait_until_waiting(const DelayGate& gate, std::size_t count) {
  while (gate.waiting() != count) std::this_thread::yield();
}

TEST(DelayGate, lets_a_client_wait_for_its_time) {
  DelayGate gate;
  EXPECT_TRUE(gate.wait(1ms, 1));
  EXPECT_EQ(gate.waiting(), 0U);
}

TEST(DelayGate, says_so_when_somebody_begins_to_wait_and_only_then) {
  int begun = 0;
  DelayGate gate([&begun] { ++begun; });
  EXPECT_FALSE(gate.wait(1h, 0));
  EXPECT_EQ(begun, 0);
  EXPECT_TRUE(gate.wait(1ms, 1));
  EXPECT_EQ(begun, 1);
}

TEST(DelayGate, lets_nobody_wait_beyond_the_limit_and_all_go_when_it_opens) {
  DelayGate gate;
  std::atomic<int> interrupted{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) clients.emplace_back([&] { interrupted += gate.wait(1h, 3) ? 0 : 1; });
  wait_until_waiting(gate, 3);
  EXPECT_FALSE(gate.wait(1h, 3)) << "at once";
  EXPECT_FALSE(gate.wait(1h, 0)) << "a reload may lower the limit below those who wait";
  gate.open();
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(interrupted, 3);
  EXPECT_EQ(gate.waiting(), 0U);
  EXPECT_FALSE(gate.wait(1h, 3)) << "it stays open";
}

}  // namespace
}  // namespace tecs::test
