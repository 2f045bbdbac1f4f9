// Reads what a report tells of domains, with their reputation.
#pragma once

#include "tecs/error.hpp"
#include "tools/report_content.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// Both fill in what they are named after, and fail with io_error. The period must be set.
[[nodiscard]] Expected<void> read_top_domains(SqlDatabase& database, ReportContent& content);
[[nodiscard]] Expected<void> read_new_domains(SqlDatabase& database, ReportContent& content);

}  // namespace tecs
