// The rows of the table `reputation`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/reputation.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// A row of the table. A domain that is `unknown` has none, unless somebody decided so by hand: then it ends a
// receiver's search, while without a row its organizational domain is asked for.
struct ReputationRow {
  std::string domain;
  Reputation state = Reputation::unknown;
  std::string reason{};  // for a person
  double number = 0;
  bool organizational = false;  // all domains that belong to it were assessed together

  friend bool operator==(const ReputationRow&, const ReputationRow&) = default;
};

// Begins the reason of a row that somebody decided by hand, and of no other.
inline constexpr std::string_view by_hand = "by hand: ";
[[nodiscard]] bool is_by_hand(const ReputationRow& row) noexcept;

// Calls visit for each row, in the order of the domains; stops early when it returns false. Fails with
// io_error.
[[nodiscard]] Expected<void> read_reputation(SqlDatabase& database,
                                             const std::function<bool(const ReputationRow&)>& visit);

// As it stands in the table. Empty: there is no row. Fails with io_error.
[[nodiscard]] Expected<std::optional<ReputationRow>> find_reputation(SqlDatabase& database,
                                                                     const std::string& domain);

// What the table says now becomes what it should say, by as few changes as that takes. Both are in the order
// of their domains, and no domain stands twice in one. For within a transaction. Fails with io_error.
[[nodiscard]] Expected<void> write_reputation_rows(SqlDatabase& database,
                                                   const std::vector<ReputationRow>& former,
                                                   const std::vector<ReputationRow>& wanted,
                                                   Verdict::Time now);

}  // namespace tecs
