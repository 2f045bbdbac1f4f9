// Verdicts in the order in which they arrived in a store, and those that arrive while somebody looks on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// One thread. Both calls fail with io_error, possibly after some were visited; those are not visited again.
//
// A verdict's time says little of when it arrives: receivers forward late, and imports are of any age. In
// PostgreSQL several writers take their numbers of arrival at once and commit in any order, so the last
// 5,000 numbers are looked at again with each call; whatever commits later than that is not seen. In SQLite
// there is one writer at a time; numbers that "tecs verdicts prune" sets free at the end may be used again
// and are then not seen either.
class VerdictTail {
 public:
  // visit returns false when it has seen enough. Nothing is held open in the database while it runs.
  using Visit = std::function<bool(const Verdict&)>;

  // The database must outlive this.
  explicit VerdictTail(SqlDatabase& database);

  // The last so many, oldest arrival first. Called first; what comes after is new.
  [[nodiscard]] Expected<void> visit_last(std::size_t count, const Visit& visit);

  // What arrived since the last call of either.
  [[nodiscard]] Expected<void> visit_new(const Visit& visit);

 private:
  enum class Which : std::uint8_t { all, unseen };
  struct Page {
    std::vector<std::pair<std::int64_t, Expected<Verdict>>> verdicts;  // with their numbers
    std::optional<std::int64_t> next;                                  // empty: there are no more
  };
  [[nodiscard]] Expected<std::int64_t> newest_arrival();
  // Of the last so many; count is not 0.
  [[nodiscard]] Expected<std::int64_t> first_of_last(std::size_t count, std::int64_t newest);
  [[nodiscard]] Expected<void> visit_from(std::int64_t arrival, Which which, const Visit& visit);
  [[nodiscard]] Expected<Page> read_page(std::int64_t from);
  // Calls visit with the numbers above, in ascending order.
  [[nodiscard]] Expected<void> each_arrival_above(std::int64_t arrival,
                                                  const std::function<bool(std::int64_t)>& visit);
  // The one number that a statement answers with, or 0.
  [[nodiscard]] Expected<std::int64_t> ask(const std::string& sql, std::span<const SqlValue> values);
  void mark_seen(std::int64_t arrival);

  SqlDatabase& database_;
  bool commits_in_order_;
  std::string arrival_;          // the column
  std::int64_t floor_ = 0;       // all up to this one have been seen, or are given up
  std::set<std::int64_t> seen_;  // above it
};

}  // namespace tecs
