#include "tools/verdicts_report.hpp"

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <chrono>
#include <ostream>
#include <string>

#include "program/help_text.hpp"
#include "tools/replaced_file.hpp"
#include "tools/report_page.hpp"
#include "tools/report_reading.hpp"
#include "tools/store_option.hpp"
#include "tools/time_option.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

struct AskedPeriod {
  Verdict::Time since;
  Verdict::Time until;
};

// Nothing is recorded of what is still to come, and it would be drawn as a gap.
Outcome<AskedPeriod> read_report_period(const OptionValues& values, const Clock& clock, Verdict::Time now) {
  constexpr std::chrono::days standard_length{7};
  const auto asked = read_period(values, clock);
  if (!asked) return tl::unexpected(asked.error());
  const Verdict::Time until = std::min(asked->until.value_or(now), now);
  const Verdict::Time since = asked->since.value_or(until - standard_length);
  if (since >= until) return failed(ExitCode::usage, "--since is in the future: there is nothing to report");
  return AskedPeriod{since, until};
}

std::string version() {
  std::string text = version_text("tecs");
  text.pop_back();  // the line break
  return text;
}

Outcome<ExitCode> report(const OptionValues& values, const Environment& environment) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(environment.clock.now());
  const auto period = read_report_period(values, environment.clock, now);
  if (!period) return tl::unexpected(period.error());
  const auto store = read_store(values);
  if (!store) return tl::unexpected(store.error());
  const auto database = open_database(values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());

  auto content = read_report(**database, period->since, period->until, now);
  if (!content) return failed(content.error());
  content->title = values["title"].as<std::string>();
  content->store = store->text();
  content->version = version();
  const std::string page = report_page(*content);

  const auto file = values["html"].as<std::string>();
  if (file == "-") {
    environment.out << page;
    return ExitCode::ok;
  }
  if (const auto written = replace_file(file, page); !written) return tl::unexpected(written.error());
  environment.err << file << ": " << content->totals.connections
                  << (content->totals.connections == 1 ? " connection\n" : " connections\n");
  return ExitCode::ok;
}

}  // namespace

ExitCode run_verdicts_report(Arguments arguments, const Environment& environment) {
  OptionTable table;
  auto add = table.add_options();
  add("html", po::value<std::string>()->value_name("FILE")->required(),
      "write the page into this file, which is replaced in one step; - is standard output");
  add("title", po::value<std::string>()->value_name("TEXT")->default_value("Verdict report"),
      "what stands above the page");
  add_store_option(table);
  add_period_options(table);
  const ProgramText text{
      .name = "tecs verdicts report",
      .usage = "--html FILE [--store STORE] [--since TIME] [--until TIME] [--title TEXT]",
      .description =
          "Makes one HTML page of a period, by default the last seven days: results over time, the busiest\n"
          "domains with their reputation, why signatures did not pass, scores, new domains, latency and\n"
          "receivers. The page needs nothing else: no script, no font, no picture from elsewhere. It can be\n"
          "sent by mail, read on a telephone, in light or dark colours, and printed. All is told from "
          "hourly\n"
          "and daily counts: --since and --until mean whole hours, in UTC; where hours were pruned, days.",
      .examples =
          "tecs verdicts report --html /var/www/tecs/index.html\n"
          "tecs verdicts report --html january.html --since 2026-01-01 --until 2026-02-01 --title January\n"
          "tecs verdicts report --html - --since 24h --store postgresql://tecs@db.example.net/tecs > "
          "day.html"};
  return run_subcommand({text, table, report}, arguments, environment);
}

}  // namespace tecs
