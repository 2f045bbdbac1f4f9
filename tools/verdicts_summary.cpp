#include "tools/verdicts_summary.hpp"

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <ostream>
#include <string>

#include "tools/listing.hpp"
#include "tools/store_option.hpp"
#include "tools/summary_columns.hpp"
#include "tools/verdict_conditions.hpp"
#include "verdicts/summary_period.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

std::string heading_of(SummaryKey key) {
  if (key == SummaryKey::hour || key == SummaryKey::day) return std::string(word(key)) + " (UTC)";
  std::string heading(word(key));
  std::replace(heading.begin(), heading.end(), '-', ' ');
  return heading;
}

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

// As the verdict's field is called.
std::string name_of(SummaryKey key) {
  if (key == SummaryKey::network) return "client_network";
  std::string name(word(key));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// Of a time no more than says which hour or day it is; the other forms have it whole.
std::string table_key(SummaryKey by, const std::string& key) {
  if (by == SummaryKey::day) return key.substr(0, 10);
  if (by != SummaryKey::hour) return key;
  std::string text = key.substr(0, 16);
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

ListingColumn::Keep keep_of(SummaryKey by) {
  const bool domain = by == SummaryKey::domain || by == SummaryKey::organizational_domain;
  return domain ? ListingColumn::Keep::end : ListingColumn::Keep::beginning;
}

// The counts of the hours that were asked for are gone.
void print_period(const SummaryPeriod& period, std::ostream& err) {
  if (period.as_asked) return;
  err << "tecs verdicts summary: older counts were pruned, so this is";
  if (period.since) err << " from " << encode_field(*period.since);
  if (period.until) err << " up to " << encode_field(*period.until);
  err << '\n';
}

// Shares are those of all rows, also of those that are not shown.
void print_rows(const std::vector<SummaryRow>& rows, std::size_t shown, SummaryKey by, ListingFormat format,
                std::ostream& out) {
  const std::string name = name_of(by);
  const std::string heading = upper_case(heading_of(by));
  std::vector<ListingColumn> columns{{.name = name}, {.name = "", .heading = heading, .keep = keep_of(by)}};
  add_summary_columns(columns);
  Listing listing(columns);
  const std::uint64_t connections = count_connections(rows);
  for (std::size_t i = 0; i < shown; ++i) {
    std::vector<ListingCell> cells{rows[i].key, table_key(by, rows[i].key)};
    add_summary_cells(cells, rows[i], connections);
    listing.add(std::move(cells));
  }
  listing.print(format, out);
  if (format == ListingFormat::table) print_summary_total(rows, shown, out);
}

Outcome<ExitCode> summary(const OptionValues& values, const Environment& environment) {
  const auto by = parse_summary_key(values["by"].as<std::string>());
  if (!by) {
    return failed(ExitCode::usage,
                  "--by: one of domain, organizational-domain, result, reason, network, receiver, hour, day");
  }
  const auto format = read_format(values);
  if (!format) return tl::unexpected(format.error());
  const auto conditions = read_verdict_conditions(values, environment.clock);
  if (!conditions) return tl::unexpected(conditions.error());
  const auto database = open_database(values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());

  const SummaryQuery query{.by = *by,
                           .since = conditions->since,
                           .until = conditions->until,
                           .domain = conditions->domain,
                           .organizational_domain = conditions->organizational_domain,
                           .receiver = conditions->receiver,
                           .result = conditions->result};
  const auto rows = summarize(**database, query);
  if (!rows) return failed(rows.error());
  const auto period = find_answered_period(**database, query);
  if (!period) return failed(period.error());
  print_period(*period, environment.err);
  const std::size_t shown = std::min(rows->size(), read_limit(values).value_or(rows->size()));
  print_rows(*rows, shown, *by, *format, environment.out);
  return ExitCode::ok;
}

}  // namespace

ExitCode run_verdicts_summary(Arguments arguments, const Environment& environment) {
  OptionTable table;
  table.add_options()("by", po::value<std::string>()->value_name("KEY")->required(),
                      "domain, organizational-domain, result, reason, network, receiver, hour or day");
  add_store_option(table);
  add_summary_conditions(table);
  add_limit_option(table, "only the first so many rows; shares stay those of all");
  add_format_option(table);
  const ProgramText text{
      .name = "tecs verdicts summary",
      .usage =
          "--by KEY [--store STORE] [--since TIME] [--until TIME]\n"
          "                             [--domain DOMAIN] [--organizational-domain DOMAIN]\n"
          "                             [--result RESULT] [--receiver NAME] [-n NUMBER]\n"
          "                             [--format table|json|csv]",
      .description =
          "Counts connections by one property, with what was let pass of mail. Hours and days come in their\n"
          "order, all else with the most connections first. The answer comes from hourly counts, so that it\n"
          "is quick however many verdicts there are: --since and --until mean whole hours, in UTC. Only by\n"
          "network the verdicts themselves are read. Where these were pruned, the answer is of whole days,\n"
          "or by hour and network of what is left; standard error says which period it is of. A '-' stands\n"
          "for those without: no domain, no reason.",
      .examples =
          "tecs verdicts summary --by result --since 24h\n"
          "tecs verdicts summary --by domain --since 7d -n 20\n"
          "tecs verdicts summary --by hour --domain example.org --since 2026-01-31 --format csv\n"
          "tecs verdicts summary --by reason --result fail --store postgresql://tecs@db.example.net/tecs"};
  return run_subcommand({text, table, summary}, arguments, environment);
}

}  // namespace tecs
