#include "tools/reputation.hpp"

#include <array>

#include "tools/reputation_calibrate.hpp"
#include "tools/reputation_complain.hpp"
#include "tools/reputation_complaints.hpp"
#include "tools/reputation_compute.hpp"
#include "tools/reputation_list.hpp"
#include "tools/reputation_make_complaint.hpp"
#include "tools/reputation_publish.hpp"
#include "tools/reputation_set.hpp"
#include "tools/reputation_show.hpp"
#include "tools/reputation_unset.hpp"
#include "tools/reputation_work.hpp"
#include "tools/subcommand_table.hpp"

namespace tecs {
namespace {

// In the order in which an operator needs them.
constexpr auto entries = std::to_array<SubcommandEntry>({
    {"make-complaint", run_reputation_make_complaint, "write a complaint about a mail, with the evidence"},
    {"complain", run_reputation_complain, "take complaints, and count those whose evidence verifies"},
    {"work", run_reputation_work, "decide the complaints that were queued"},
    {"complaints", run_reputation_complaints, "list what became of complaints"},
    {"compute", run_reputation_compute, "decide what all domains are worth"},
    {"show", run_reputation_show, "say what a domain is worth, and why"},
    {"list", run_reputation_list, "list the domains whose reputation is known"},
    {"set", run_reputation_set, "decide about a domain by hand"},
    {"unset", run_reputation_unset, "take back what was decided by hand"},
    {"calibrate", run_reputation_calibrate, "compare scores with the complaints that followed"},
    {"publish", run_reputation_publish, "write the zone that receivers ask"},
});

}  // namespace

ExitCode run_reputation(Arguments arguments, const Environment& environment) {
  const SubcommandTable table{.name = "tecs reputation",
                              .description =
                                  "Decides what signing domains are worth: takes complaints whose evidence "
                                  "verifies,\nmakes a reputation of them and of the verdicts, and publishes "
                                  "it.",
                              .entries = entries};
  return run_subcommand_table(table, arguments, environment);
}

}  // namespace tecs
