// Verdicts of a receiver that are still to be forwarded, as whoever cleans its store sees them.
#pragma once

#include <cstdint>
#include <optional>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

struct WaitingVerdicts {
  std::uint64_t count = 0;
  std::optional<Verdict::Time> oldest{};  // of those that are in the store; empty: there are none

  friend bool operator==(const WaitingVerdicts&, const WaitingVerdicts&) = default;
};

// Looks at each that waits. In PostgreSQL none ever does. Fails with io_error, as the next.
[[nodiscard]] Expected<WaitingVerdicts> find_waiting_verdicts(SqlDatabase& database);

// For a receiver that does not forward any more: the verdicts stay, and are forwarded never. Returns how many
// waited.
[[nodiscard]] Expected<std::uint64_t> forget_waiting_verdicts(SqlDatabase& database);

}  // namespace tecs
