#include "tools/verdicts_top.hpp"

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "tools/listing.hpp"
#include "tools/store_option.hpp"
#include "tools/summary_columns.hpp"
#include "tools/verdict_conditions.hpp"
#include "verdicts/kept_reputation.hpp"
#include "verdicts/known_domain.hpp"
#include "verdicts/organizational_domain.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs {
namespace {

constexpr std::size_t standard_limit = 20;

struct TopDomain {
  SummaryRow counts;
  std::optional<Reputation> reputation;
  std::optional<Verdict::Time> first_seen;
};

SummaryQuery summary_query(const VerdictQuery& conditions, SummaryKey by) {
  return {.by = by,
          .since = conditions.since,
          .until = conditions.until,
          .domain = conditions.domain,
          .organizational_domain = conditions.organizational_domain,
          .receiver = conditions.receiver,
          .result = conditions.result};
}

// All connections, those without a domain too.
Expected<std::uint64_t> count_all_connections(SqlDatabase& database, const VerdictQuery& conditions) {
  return summarize(database, summary_query(conditions, SummaryKey::result)).map([](const auto& rows) {
    return count_connections(rows);
  });
}

// By domain, then by organizational domain, as a receiver asks.
Expected<std::optional<Reputation>> find_reputation(SqlDatabase& database, const PublicSuffixList& suffixes,
                                                    const std::string& domain) {
  auto found = find_kept_reputation(database, domain);
  if (!found || *found) return found;
  return find_kept_reputation(database, suffixes.organizational_domain(domain));
}

Expected<std::vector<TopDomain>> find_top_domains(SqlDatabase& database, const VerdictQuery& conditions,
                                                  std::size_t limit) {
  const auto suffixes = PublicSuffixList::load();
  if (!suffixes) return tl::unexpected(suffixes.error());
  SummaryQuery query = summary_query(conditions, SummaryKey::domain);
  query.limit = limit + 1;  // one row may be that of the connections without a domain
  const auto rows = summarize(database, query);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<TopDomain> top;
  for (const SummaryRow& row : *rows) {
    if (row.key.empty() || top.size() == limit) continue;
    const auto reputation = find_reputation(database, *suffixes, row.key);
    if (!reputation) return tl::unexpected(reputation.error());
    const auto known = find_known_domain(database, row.key);
    if (!known) return tl::unexpected(known.error());
    top.push_back({row, *reputation, *known ? std::optional((*known)->first) : std::nullopt});
  }
  return top;
}

std::vector<ListingColumn> columns() {
  constexpr auto right = ListingColumn::Side::right;
  return {{.name = "domain", .heading = "DOMAIN", .keep = ListingColumn::Keep::end},
          {.name = "connections", .heading = "CONNECTIONS", .side = right},
          {.name = "", .heading = "SHARE", .side = right},
          {.name = "messages", .heading = "MESSAGES", .side = right},
          {.name = "pass", .heading = "PASS", .side = right},
          {.name = "", .heading = "PASSED", .side = right},
          {.name = "fail", .heading = "FAIL", .side = right},
          {.name = "other", .heading = "OTHER", .side = right},
          {.name = "reputation", .heading = "REPUTATION"},
          {.name = "first_seen", .heading = ""},
          {.name = "", .heading = "FIRST SEEN"}};
}

std::vector<ListingCell> cells(const TopDomain& top, std::uint64_t all_connections) {
  const SummaryRow& row = top.counts;
  const std::uint64_t pass = row.results.at(static_cast<std::size_t>(Result::pass));
  const std::uint64_t fail = row.results.at(static_cast<std::size_t>(Result::fail));
  const std::string first_seen = top.first_seen ? encode_field(*top.first_seen) : "";
  const ListingCell absent;
  return {row.key,
          row.connections,
          share_text(row.connections, all_connections),
          row.messages,
          pass,
          share_text(pass, row.connections),
          fail,
          row.connections - pass - fail,
          top.reputation ? ListingCell(std::string(word(*top.reputation))) : absent,
          top.first_seen ? ListingCell(first_seen) : absent,
          first_seen.substr(0, 10)};
}

Outcome<ExitCode> top(const OptionValues& values, const Environment& environment) {
  const auto format = read_format(values);
  if (!format) return tl::unexpected(format.error());
  const auto conditions = read_verdict_conditions(values, environment.clock);
  if (!conditions) return tl::unexpected(conditions.error());
  const auto database = open_database(values, StoreUse::read);
  if (!database) return tl::unexpected(database.error());

  const auto domains = find_top_domains(**database, *conditions, read_limit(values).value_or(standard_limit));
  if (!domains) return failed(domains.error());
  const auto connections = count_all_connections(**database, *conditions);
  if (!connections) return failed(connections.error());
  Listing listing(columns());
  for (const TopDomain& domain : *domains) listing.add(cells(domain, *connections));
  listing.print(*format, environment.out);
  return ExitCode::ok;
}

}  // namespace

ExitCode run_verdicts_top(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_store_option(table);
  add_summary_conditions(table);
  add_limit_option(table, "so many domains (default: 20)");
  add_format_option(table);
  const ProgramText text{
      .name = "tecs verdicts top",
      .usage =
          "[--store STORE] [--since TIME] [--until TIME] [--domain DOMAIN]\n"
          "                         [--organizational-domain DOMAIN] [--result RESULT] [--receiver NAME]\n"
          "                         [-n NUMBER] [--format table|json|csv]",
      .description =
          "Lists the signing domains with the most connections: their share of all connections, what came\n"
          "of them (PASSED is the share that passed, OTHER is neither pass nor fail), the reputation that\n"
          "'tecs reputation compute' gave them or their organizational domain, and the day on which they\n"
          "first passed. The domain is what the clients claim; it is true of passes only.",
      .examples =
          "tecs verdicts top --since 24h\n"
          "tecs verdicts top -n 100 --result fail --format csv > failing.csv"};
  return run_subcommand({text, table, top}, arguments, environment);
}

}  // namespace tecs
