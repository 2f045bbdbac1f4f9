#include "tools/reputation_work.hpp"

#include <array>
#include <boost/program_options/value_semantic.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "program/option_value.hpp"
#include "tools/complaint_limit_options.hpp"
#include "tools/complaint_line.hpp"
#include "tools/store_option.hpp"
#include "tools/txt_source_options.hpp"
#include "verdicts/complaint_workers.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;
using Workers = Number<1, 64>;
using MaximumSize = Number<1024, 1024U * 1024U * 1024U>;
using Patience = Duration<0, 365UL * 24 * 60 * 60>;

// What the workers tell, printed; they tell it one at a time.
class WorkReport {
 public:
  WorkReport(const Environment& environment, bool json) : environment_(environment), json_(json) {}

  void print(const Expected<QueuedDecision>& decision) {
    if (!decision) {
      failed_ = true;
      environment_.err << "tecs reputation work: " << decision.error().sentence << std::endl;
    } else if (decision->step == QueuedDecision::Step::decided) {
      ++decided_[static_cast<std::size_t>(decision->complaint.status)];
      environment_.out << (json_ ? complaint_json(decision->complaint, "")
                                 : complaint_line(decision->complaint, ""))
                       << '\n'
                       << std::flush;
    } else {
      ++postponed_;
      environment_.out << (json_ ? complaint_json("postponed", "", decision->sentence, "")
                                 : complaint_line("postponed", "", ""))
                       << '\n'
                       << std::flush;
    }
  }

  // When the workers have ended.
  void print_summary() const {
    std::string counts;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < decided_.size(); ++i) {
      sum += decided_[i];
      if (decided_[i] == 0) continue;
      counts += (counts.empty() ? ": " : ", ") + std::to_string(decided_[i]) + " " +
                std::string(word(static_cast<ComplaintStatus>(i)));
    }
    environment_.err << sum << " decided" << counts;
    if (postponed_ != 0) environment_.err << "; " << postponed_ << " postponed";
    environment_.err << '\n';
  }

  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  const Environment& environment_;
  bool json_;
  std::array<std::size_t, 5> decided_{};  // by ComplaintStatus
  std::size_t postponed_ = 0;
  bool failed_ = false;
};

bool goes_on(const Environment& environment, std::chrono::milliseconds length) {
  return !environment.pause || environment.pause(length);
}

Outcome<ExitCode> work(const OptionValues& values, const Environment& environment) {
  constexpr std::chrono::milliseconds none{0};
  constexpr std::chrono::milliseconds look{100};  // how soon a signal is seen while work --once goes on
  const auto suffixes = PublicSuffixList::load();
  if (!suffixes) return failed(suffixes.error());
  const auto source = open_txt_source(values, environment);
  if (!source) return tl::unexpected(source.error());
  std::vector<std::unique_ptr<SqlDatabase>> databases;
  for (unsigned i = 0; i < get<Workers>(values, "workers").value; ++i) {
    auto database = open_database(values, StoreUse::create);
    if (!database) return tl::unexpected(database.error());
    databases.push_back(*std::move(database));
  }
  const bool once = values["once"].as<bool>();
  WorkReport report(environment, values["json"].as<bool>());
  ComplaintWorkersOptions options{.once = once,
                                  .maximum_octets = get<MaximumSize>(values, "maximum-size").value,
                                  .limits = complaint_limits(values)};
  options.queue.patience = get<Patience>(values, "give-up").value;
  static_cast<void>(goes_on(environment, none));
  {
    ComplaintWorkers workers(
        std::move(databases),
        {.clock = environment.clock,
         .source = **source,
         .suffixes = *suffixes,
         .report = [&](const Expected<QueuedDecision>& decision) { report.print(decision); }},
        options);
    while (!workers.wait(look) && goes_on(environment, none)) {
    }
  }
  report.print_summary();
  return once && report.failed() ? ExitCode::temporary : ExitCode::ok;
}

}  // namespace

ExitCode run_reputation_work(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_store_option(table);
  add_txt_source_options(table);
  auto add = table.add_options();
  add("workers", value_of<Workers>("N", "4"), "so many mails at a time, each with a connection to the store");
  add("once", po::bool_switch(), "end when no mail is due");
  add("give-up", value_of<Patience>("AGE", "5d"),
      "a mail whose key could not be fetched until this age, or ten times, is unverified");
  add("maximum-size", value_of<MaximumSize>("OCTETS", std::to_string(ArfMessage::maximum_octets)),
      "a larger mail is malformed");
  add_complaint_limit_options(table);
  add("json", po::bool_switch(), "print one JSON object for each mail");
  const ProgramText text{
      .name = "tecs reputation work",
      .usage =
          "[--store STORE] [--zone FILE | --resolver IP:PORT] [--workers N]\n"
          "                            [--once] [--give-up AGE] [--maximum-size OCTETS]\n"
          "                            [--maximum-age AGE] [--without-verdict NUMBER] [--json]",
      .description =
          "Decides the complaints that 'tecs reputation complain' has queued, and prints for each\n"
          "what became of it, as 'complain' does. Any number of these programs, on any number of hosts, may\n"
          "share one PostgreSQL: each mail is decided once, and when a program dies, another takes over "
          "what\n"
          "it was at. A mail whose key cannot be fetched now is postponed, by a quarter of an hour first "
          "and\n"
          "by a day at most, and tried ten times; others have their turn before it. A domain whose name\n"
          "servers keep silent is left alone for ten minutes.\n"
          "Runs until it is stopped (SIGINT, SIGTERM), with --once until no mail is due. Ends with 0; with\n"
          "--once, 75 when the store failed meanwhile.",
      .examples =
          "tecs reputation work --store postgresql://tecs@db.example.net/tecs --workers 8\n"
          "tecs reputation work --once"};
  return run_subcommand({text, table, work}, arguments, environment);
}

}  // namespace tecs
