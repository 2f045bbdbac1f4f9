#include "tools/verdicts.hpp"

#include <array>

#include "tools/subcommand_table.hpp"
#include "tools/verdicts_export.hpp"
#include "tools/verdicts_import.hpp"
#include "tools/verdicts_list.hpp"
#include "tools/verdicts_prune.hpp"
#include "tools/verdicts_report.hpp"
#include "tools/verdicts_show.hpp"
#include "tools/verdicts_summary.hpp"
#include "tools/verdicts_tail.hpp"
#include "tools/verdicts_top.hpp"

namespace tecs {
namespace {

constexpr std::array<SubcommandEntry, 9> entries{{
    {"list", run_verdicts_list, "list verdicts, newest first; as without a word"},
    {"summary", run_verdicts_summary, "count connections by domain, result, hour, ..."},
    {"top", run_verdicts_top, "list the domains that connect most, with their reputation"},
    {"show", run_verdicts_show, "print all fields of one verdict"},
    {"tail", run_verdicts_tail, "print what arrived last, and what arrives"},
    {"export", run_verdicts_export, "write verdicts as JSON lines"},
    {"import", run_verdicts_import, "take in the verdicts of other receivers"},
    {"report", run_verdicts_report, "make a page with charts of a period"},
    {"prune", run_verdicts_prune, "delete what is old"},
}};

constexpr SubcommandTable table{
    .name = "tecs verdicts",
    .description = "Queries what receivers decided about their connections, and brings it together.",
    .entries = entries,
    .without_word = run_verdicts_list};

}  // namespace

ExitCode run_verdicts(Arguments arguments, const Environment& environment) {
  return run_subcommand_table(table, arguments, environment);
}

}  // namespace tecs
