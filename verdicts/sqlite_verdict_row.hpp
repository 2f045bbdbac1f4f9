// A verdict as a row of SQLite.
#pragma once

#include <string>

#include "verdicts/sqlite_connection.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Inserts one, unless its id is there.
[[nodiscard]] std::string insert_verdict_statement();

// To the parameters of the statement, which is ready for new ones. The verdict must stay until it is reset.
void bind_verdict(SqliteStatement& insert, const Verdict& verdict);

}  // namespace tecs
