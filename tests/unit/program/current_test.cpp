#include "program/current.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace tecs::test {
namespace {

struct Pair {
  int first;
  int second;
};

TEST(Current, keeps_what_somebody_still_uses) {
  Current<Pair> current(std::make_shared<const Pair>(Pair{1, 1}));
  const auto used = current.get();
  current.set(std::make_shared<const Pair>(Pair{2, 2}));
  EXPECT_EQ(used->first, 1);
  EXPECT_EQ(used.use_count(), 1);
  EXPECT_EQ(current.get()->first, 2);
}

TEST(Current, is_never_seen_by_halves) {
  Current<Pair> current(std::make_shared<const Pair>(Pair{0, 0}));
  std::jthread writer([&current] {
    for (int i = 1; i <= 2000; ++i) current.set(std::make_shared<const Pair>(Pair{i, i}));
  });
  int last = 0;
  while (last < 2000) {
    const auto seen = current.get();
    ASSERT_EQ(seen->first, seen->second);
    ASSERT_GE(seen->first, last);
    last = seen->first;
  }
}

}  // namespace
}  // namespace tecs::test
