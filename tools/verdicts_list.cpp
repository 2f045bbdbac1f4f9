#include "tools/verdicts_list.hpp"

#include <functional>
#include <ostream>

#include "tools/listing.hpp"
#include "tools/plain_text.hpp"
#include "tools/store_option.hpp"
#include "tools/verdict_conditions.hpp"
#include "tools/verdict_csv.hpp"
#include "tools/verdict_table.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

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

Expected<void> print(ListingFormat format, VerdictStore& store, const VerdictQuery& query,
                     std::ostream& out) {
  if (format == ListingFormat::json) return print_json(store, query, out);
  if (format == ListingFormat::csv) return print_csv(store, query, out);
  return print_table(store, query, out);
}

Outcome<ExitCode> list(const OptionValues& values, const Environment& environment) {
  const auto format = read_format(values);
  if (!format) return tl::unexpected(format.error());
  auto query = read_verdict_conditions(values, environment.clock);
  if (!query) return tl::unexpected(query.error());
  query->limit = read_limit(values);
  const auto store = open_store(values, StoreUse::read);
  if (!store) return tl::unexpected(store.error());

  const auto printed = print(*format, **store, *query, environment.out);
  if (!printed) return failed(printed.error());
  return ExitCode::ok;
}

}  // namespace

ExitCode run_verdicts_list(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_store_option(table);
  add_verdict_conditions(table);
  add_limit_option(table, "only the newest so many");
  add_format_option(table);
  const ProgramText text{
      .name = "tecs verdicts list",
      .usage =
          "[--store STORE] [--since TIME] [--until TIME] [--domain DOMAIN]\n"
          "                          [--organizational-domain DOMAIN] [--result RESULT] [--reason WORD]\n"
          "                          [--receiver NAME] [--network NETWORK] [-n NUMBER]\n"
          "                          [--format table|json|csv]",
      .description =
          "Lists what receivers decided about their connections, newest first. The table is for eyes;\n"
          "json gives one object a line, csv all fields for a spreadsheet. The word list may be left out.",
      .examples =
          "tecs verdicts list --since 1h\n"
          "tecs verdicts list --domain example.org --result fail --format json\n"
          "tecs verdicts list --since 2026-01-31 --until 2026-02-01 --network 192.0.2.7\n"
          "tecs verdicts --store sqlite:/tmp/verdicts.db --since 7d --format csv > week.csv"};
  return run_subcommand({text, table, list}, arguments, environment);
}

}  // namespace tecs
