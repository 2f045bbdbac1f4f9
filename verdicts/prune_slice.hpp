// One transaction of many, so that those who write to a store beside it get their turns.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// A transaction that no writer of verdicts runs beside.
[[nodiscard]] Expected<void> prune_alone(SqlDatabase& database, const std::function<Expected<void>()>& body);

// The columns of the first row of an answer, all of them texts; empty: there is none. Fails with io_error.
[[nodiscard]] Expected<std::vector<std::string>> first_texts(SqlDatabase& database, const std::string& sql,
                                                             std::span<const SqlValue> values, int columns);

}  // namespace tecs
