#include "verdicts/known_domain_memory.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace tecs {
namespace {

using namespace std::chrono_literals;

constexpr Verdict::Time monday{std::chrono::sys_days{std::chrono::year{2026} / 2 / 2}};

KnownDomainRow row(std::string_view domain, std::chrono::hours first, std::chrono::hours last,
                   std::string_view organizational_domain = "jgc.org") {
  return {domain, organizational_domain, monday + first, monday + last};
}

TEST(KnownDomainMemory, PassesOnWhatWouldChangeTheStore) {
  struct Row {
    std::string_view name;
    KnownDomainRow row;
    bool want;
  };
  for (const Row& tested : {
           Row{"the same", row("a.jgc.org", 5h, 24h), false},
           Row{"a later first and an earlier last", row("a.jgc.org", 6h, 0h), false},
           Row{"an earlier first", row("a.jgc.org", 4h, 24h), true},
           Row{"a later last", row("a.jgc.org", 5h, 48h), true},
           Row{"another organizational domain", row("a.jgc.org", 5h, 24h, "org"), true},
           Row{"another domain", row("b.jgc.org", 5h, 24h), true},
       }) {
    KnownDomainMemory memory;
    const std::vector stored{row("a.jgc.org", 5h, 24h)};
    EXPECT_EQ(memory.fresh(stored, {}), stored) << tested.name;
    memory.remember(stored);
    EXPECT_EQ(memory.fresh({&tested.row, 1}, {}).size(), tested.want ? 1U : 0U) << tested.name;
  }
}

TEST(KnownDomainMemory, ForgetsWhatMayHaveBeenPruned) {
  KnownDomainMemory memory;
  const std::vector stored{row("a.jgc.org", 5h, 24h), row("b.jgc.org", 5h, 72h)};
  memory.remember(stored);
  EXPECT_TRUE(memory.fresh(stored, {}).empty());
  const PrunedTimes pruned{.verdicts = monday, .days = monday + 48h};
  EXPECT_EQ(memory.fresh(stored, pruned), stored);
  memory.remember(stored);
  EXPECT_EQ(memory.fresh(stored, pruned), std::vector{stored[0]}) << "another prune would take it again";
}

TEST(KnownDomainMemory, HoldsSoManyAndThenBeginsAnew) {
  KnownDomainMemory memory;
  std::deque<std::string> names;
  for (std::size_t i = 0; i <= KnownDomainMemory::most_domains; ++i)
    names.push_back("d" + std::to_string(i) + ".example");
  for (const std::string& name : names) {
    const KnownDomainRow known = row(name, 0h, 0h);
    memory.remember({&known, 1});
  }
  const std::vector first_and_last{row(names.front(), 0h, 0h), row(names.back(), 0h, 0h)};
  EXPECT_EQ(memory.fresh(first_and_last, {}), std::vector{first_and_last[0]});
}

}  // namespace
}  // namespace tecs
