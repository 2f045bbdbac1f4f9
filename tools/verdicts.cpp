#include "tools/verdicts.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <functional>
#include <ostream>
#include <utility>

#include "program/duration.hpp"
#include "tecs/domain.hpp"
#include "tools/plain_text.hpp"
#include "tools/protocol_options.hpp"
#include "tools/verdict_csv.hpp"
#include "tools/verdict_table.hpp"
#include "verdicts/verdict_json.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

Outcome<VerdictQuery> read_query(const OptionValues& values, const Clock& clock) {
  VerdictQuery query;
  if (const auto text = option_text(values, "since")) {
    const auto age = parse_duration(*text);
    if (!age) return failed(age.error(), "--since");
    query.since = std::chrono::floor<std::chrono::milliseconds>(clock.now()) - *age;
  }
  if (const auto text = option_text(values, "domain")) {
    const auto domain = Domain::parse(*text);
    if (!domain) return failed(domain.error(), "--domain");
    query.domain = domain->text();
  }
  if (const auto text = option_text(values, "result")) {
    query.result = parse_result(*text);
    if (!query.result) {
      return failed(ExitCode::usage, "--result: one of none, pass, fail, policy, temperror, permerror");
    }
  }
  return query;
}

// A reader who has seen enough, such as head(1), ends the listing.
Expected<void> print_each(VerdictStore& store, const VerdictQuery& query, std::ostream& out,
                          const std::function<void(const Verdict&)>& print) {
  return store.select(query, [&](const Verdict& verdict) {
    print(verdict);
    return out.good();
  });
}

Expected<void> print_table(VerdictStore& store, const VerdictQuery& query, std::ostream& out) {
  VerdictTable table(out);
  return print_each(store, query, out, [&](const Verdict& verdict) { table.print(verdict); }).map([&] {
    table.print_summary();
  });
}

Expected<void> print_json(VerdictStore& store, const VerdictQuery& query, std::ostream& out) {
  return print_each(store, query, out,
                    [&](const Verdict& verdict) { out << plain_text(format_json(verdict)) << '\n'; });
}

Expected<void> print_csv(VerdictStore& store, const VerdictQuery& query, std::ostream& out) {
  out << csv_heading();
  return print_each(store, query, out, [&](const Verdict& verdict) { out << format_csv(verdict); });
}

using Print = Expected<void> (*)(VerdictStore& store, const VerdictQuery& query, std::ostream& out);

Outcome<Print> read_format(const OptionValues& values) {
  const auto format = values["format"].as<std::string>();
  if (format == "table") return &print_table;
  if (format == "json") return &print_json;
  if (format == "csv") return &print_csv;
  return failed(ExitCode::usage, "--format: table, json or csv");
}

Outcome<ExitCode> verdicts(const OptionValues& values, const Environment& environment) {
  const auto print = read_format(values);
  if (!print) return tl::unexpected(print.error());
  const auto query = read_query(values, environment.clock);
  if (!query) return tl::unexpected(query.error());
  const auto store = open_verdict_store(values["store"].as<std::string>(), StoreMode::read_only);
  if (!store && store.error().reason == Reason::bad_option) return failed(store.error(), "--store");
  if (!store) return failed(ExitCode::no_input, store.error().sentence);

  const auto printed = (*print)(**store, *query, environment.out);
  if (!printed) return failed(printed.error());
  return ExitCode::ok;
}

}  // namespace

ExitCode run_verdicts(Arguments arguments, const Environment& environment) {
  OptionTable table;
  auto add = table.add_options();
  add("store",
      po::value<std::string>()->value_name("STORE")->default_value("sqlite:/var/lib/tecs/verdicts.db"),
      "where the verdicts are");
  add("since", po::value<std::string>()->value_name("AGE"),
      "no older than this: 90s, 5m, 1h, 7d (default: all)");
  add("domain", po::value<std::string>()->value_name("DOMAIN"), "only this signing domain");
  add("result", po::value<std::string>()->value_name("RESULT"),
      "only none, pass, fail, policy, temperror or permerror");
  add("format", po::value<std::string>()->value_name("FORM")->default_value("table"), "table, json or csv");
  const ProgramText text{
      .name = "tecs verdicts",
      .usage =
          "[--store sqlite:FILE] [--since AGE] [--domain DOMAIN] [--result RESULT]\n"
          "                     [--format table|json|csv]",
      .description =
          "Lists what a receiver decided about its connections, newest first. The table is for eyes;\n"
          "json gives one object a line, csv all fields for a spreadsheet.",
      .examples =
          "tecs verdicts --since 1h\n"
          "tecs verdicts --domain example.org --result fail --format json\n"
          "tecs verdicts --store sqlite:/tmp/verdicts.db --since 7d --format csv > week.csv"};
  return run_subcommand({text, table, verdicts}, arguments, environment);
}

}  // namespace tecs
