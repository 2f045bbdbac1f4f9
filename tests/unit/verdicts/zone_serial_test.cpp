#include "verdicts/zone_serial.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string_view>

namespace tecs {
namespace {

TEST(ZoneSerial, IsComparedOnACircle) {
  struct Row {
    std::string_view test;
    std::uint32_t serial, former;
    bool want;
  };
  for (const Row& row : {
           Row{"one more", 2, 1, true},
           Row{"the same", 1, 1, false},
           Row{"one less", 1, 2, false},
           Row{"round the end", 0, 0xffffffff, true},
           Row{"back round the end", 0xffffffff, 0, false},
           Row{"almost half the circle", 0x7fffffff, 0, true},
           Row{"half the circle", 0x80000000, 0, false},
           Row{"half the circle, the other way", 0, 0x80000000, false},
           Row{"more than half", 0x80000001, 0, false},
       }) {
    EXPECT_EQ(serial_is_greater(row.serial, row.former), row.want) << row.test;
  }
}

TEST(ZoneSerial, AlwaysGrows) {
  constexpr std::nullopt_t none = std::nullopt;
  struct Row {
    std::string_view test;
    std::optional<std::uint32_t> in_file, published;
    std::uint32_t proposed, want;
  };
  for (const Row& row : {
           Row{"the first", none, none, 1795367225, 1795367225},
           Row{"time has passed", 1795367225, 1795367225, 1795367226, 1795367226},
           Row{"twice in a second", 1795367225, 1795367225, 1795367225, 1795367226},
           Row{"the clock went back", 1795367225, none, 1700000000, 1795367226},
           Row{"only the store knows", none, 1795367225, 1795367225, 1795367226},
           Row{"the store knows more", 100, 1795367225, 1795367000, 1795367226},
           Row{"the file knows more", 1795367225, 100, 1795367000, 1795367226},
           Row{"a date was there before", 2026112203, none, 1795367225, 2026112204},
           Row{"the largest", 0xffffffff, none, 0xfffffffe, 1},
           Row{"round the end", 0xffffffff, none, 5, 5},
           Row{"nothing is proposed", none, none, 0, 1},
           Row{"the two contradict each other", 7, 7 + 0x80000000, 0, 8},
       }) {
    EXPECT_EQ(next_serial(row.in_file, row.published, row.proposed), row.want) << row.test;
  }
}

TEST(ZoneSerial, AlwaysGrowsFromAnywhere) {
  std::mt19937 random{1982};
  for (int round = 0; round < 100000; ++round) {
    const std::uint32_t former = static_cast<std::uint32_t>(random());
    const std::uint32_t ahead = static_cast<std::uint32_t>(random()) >> 2;
    const std::uint32_t next = next_serial(former, former + ahead, static_cast<std::uint32_t>(random()));
    EXPECT_TRUE(serial_is_greater(next, former + ahead)) << former << ' ' << ahead << ' ' << next;
    EXPECT_NE(next, 0U);
  }
}

}  // namespace
}  // namespace tecs
