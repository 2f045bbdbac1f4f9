// Reads what a report tells out of a verdict store: from its roll-ups, so that it takes no longer when there
// are more verdicts.
#pragma once

#include "tecs/error.hpp"
#include "tools/report_content.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// All but title, store and version; the period is what make_report_period() makes of these times. Fails with
// io_error.
[[nodiscard]] Expected<ReportContent> read_report(SqlDatabase& database, Verdict::Time since,
                                                  Verdict::Time until, Verdict::Time now);

}  // namespace tecs
