// Verdicts out of the table of that name, in either engine.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"
#include "verdicts/verdict.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

// The columns that read_verdict() expects, in the order of verdict_fields: "id, time, ...".
[[nodiscard]] const std::string& verdict_columns();

// A row that begins with verdict_columns(). Fails with io_error when a value is none that a verdict can have.
[[nodiscard]] Expected<Verdict> read_verdict(const SqlRow& row);

// Verdicts are gathered in memory and visited by so many, some 2 KB each.
inline constexpr std::size_t verdict_page_size = 2'000;

// VerdictStore::select(). Each page is a statement of its own, and none is open while visit runs, which may
// take as long as it likes, and may use the database.
[[nodiscard]] Expected<void> select_verdicts(SqlDatabase& database, const VerdictQuery& query,
                                             const std::function<bool(const Verdict&)>& visit);

}  // namespace tecs
