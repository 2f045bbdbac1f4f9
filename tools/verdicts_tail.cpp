#include "tools/verdicts_tail.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "tools/plain_text.hpp"
#include "tools/store_option.hpp"
#include "tools/verdict_conditions.hpp"
#include "tools/verdict_table.hpp"
#include "verdicts/verdict_json.hpp"
#include "verdicts/verdict_tail.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

constexpr std::size_t standard_count = 10;
constexpr std::chrono::seconds look_interval{1};

// Prints verdicts in one of the two forms that need not know what comes.
class TailPrinter {
 public:
  TailPrinter(bool json, std::ostream& out) : out_(out) {
    if (!json) table_.emplace(out);
  }

  bool operator()(const Verdict& verdict) {
    if (table_) {
      table_->print(verdict);
    } else {
      out_ << plain_text(format_json(verdict)) << '\n';
    }
    return out_.good();
  }

 private:
  std::ostream& out_;
  std::optional<VerdictTable> table_;
};

// Until somebody wants it to end, or nobody reads it. A store that is away for a while comes back: whoever
// looks on wants to see then what arrived meanwhile.
void follow(VerdictTail& tail, const VerdictTail::Visit& print, const Environment& environment) {
  bool away = false;
  while (environment.out.flush().good() && environment.pause(look_interval)) {
    const auto looked = tail.visit_new(print);
    if (!looked && !away)
      environment.err << "tecs verdicts tail: " << looked.error().sentence << "; trying again\n"
                      << std::flush;
    away = !looked;
  }
}

Outcome<ExitCode> tail_verdicts(const OptionValues& values, const Environment& environment) {
  const auto& format = values["format"].as<std::string>();
  if (format != "table" && format != "json") return failed(ExitCode::usage, "--format: table or json");
  const auto database = open_database(values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());

  VerdictTail tail(**database);
  TailPrinter printer(format == "json", environment.out);
  const auto print = [&](const Verdict& verdict) { return printer(verdict); };
  const auto printed = tail.visit_last(read_limit(values).value_or(standard_count), print);
  if (!printed) return failed(printed.error());
  if (values["follow"].as<bool>()) follow(tail, print, environment);
  return ExitCode::ok;
}

}  // namespace

ExitCode run_verdicts_tail(Arguments arguments, const Environment& environment) {
  OptionTable table;
  table.add_options()("follow,f", po::bool_switch(), "go on with what arrives, until interrupted");
  add_store_option(table);
  add_limit_option(table, "begin with the last so many (default: 10)");
  table.add_options()("format", po::value<std::string>()->value_name("FORM")->default_value("table"),
                      "table, or json (an object a line)");
  const ProgramText text{
      .name = "tecs verdicts tail",
      .usage = "[-f] [--store STORE] [-n NUMBER] [--format table|json]",
      .description =
          "Prints the verdicts that arrived last in the store, the newest at the end. That is not the order\n"
          "of their times where receivers forward late or logs are imported. With -f it looks once a second\n"
          "for what arrived, and ends on Ctrl-C.",
      .examples =
          "tecs verdicts tail -f\n"
          "tecs verdicts tail -f -n 1 --format json --store postgresql://tecs@db.example.net/tecs"};
  return run_subcommand({text, table, tail_verdicts}, arguments, environment);
}

}  // namespace tecs
