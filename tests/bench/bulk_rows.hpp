// The verdicts of a filled store, and what a store counts of them, without a writer.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "bench/verdict_traffic.hpp"
#include "verdicts/verdict_rollup.hpp"

namespace tecs::bench {

// One thread at a time.
class BulkRows {
 public:
  BulkRows(std::uint64_t count, const TrafficOptions& traffic);

  // The next ones, up to some thousands, in the order of their times; until the next call. Empty: those were
  // all.
  [[nodiscard]] std::span<const Verdict* const> next();

  // After all of them: what writers would have left, whatever their batches. Moves it out.
  [[nodiscard]] VerdictRollup take_rollup();

 private:
  void count_hour();
  [[nodiscard]] std::string_view kept(std::string_view text);

  std::uint64_t count_;
  std::uint64_t made_ = 0;
  Traffic traffic_;
  std::vector<Verdict> hour_;
  std::vector<const Verdict*> rows_;
  VerdictRollup rollup_;
  std::unordered_set<std::string> texts_;  // of the roll-up; they stay where they are
};

}  // namespace tecs::bench
