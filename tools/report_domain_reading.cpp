#include "tools/report_domain_reading.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "verdicts/organizational_domain.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

// A page, not a listing: tecs verdicts top has them all.
constexpr std::size_t most_domains = 15;
constexpr std::size_t most_new_domains = 10;

using FoundReputation = std::optional<ReportedReputation>;

Expected<FoundReputation> find_reputation(SqlDatabase& database, const std::string& domain) {
  FoundReputation found;
  bool good = true;
  const auto asked = database.query("SELECT state, number FROM reputation WHERE domain = $1",
                                    std::array<SqlValue, 1>{domain}, [&](const SqlRow& row) {
                                      const auto state = parse_reputation(row.text(0));
                                      good = state.has_value();
                                      if (good) found = ReportedReputation{*state, row.real(1), ""};
                                      return false;
                                    });
  if (!asked) return tl::unexpected(asked.error());
  if (!good) return failure(Reason::io_error, "the table reputation has a state that is none");
  return found;
}

// By domain, then by organizational domain, as a receiver asks.
Expected<FoundReputation> find_reputation(SqlDatabase& database, const std::string& domain,
                                          const std::string& organizational_domain) {
  auto found = find_reputation(database, domain);
  if (!found || *found || organizational_domain.empty() || organizational_domain == domain) return found;
  found = find_reputation(database, organizational_domain);
  if (found && *found) (*found)->of_organizational = organizational_domain;
  return found;
}

// In each hour, by its first thirteen letters: "2026-01-31T12".
Expected<void> count_new_domains(SqlDatabase& database, ReportContent& content) {
  const ReportPeriod& period = content.period;
  content.new_in_interval.assign(interval_starts(period).size(), 0);
  bool good = true;
  const std::array<SqlValue, 2> values{encode_field(period.since), encode_field(period.until)};
  const auto read = database.query(
      "SELECT substr(first, 1, 13), CAST(COUNT(*) AS BIGINT) FROM known_domains "
      "WHERE first >= $1 AND first < $2 GROUP BY substr(first, 1, 13)",
      values, [&](const SqlRow& row) {
        Verdict::Time hour{};
        good = decode_field(std::string(row.text(0)) + ":00:00.000Z", hour);
        if (good)
          content.new_in_interval.at(interval_of(period, hour)) += static_cast<std::uint64_t>(row.integer(1));
        return good;
      });
  if (!read) return tl::unexpected(read.error());
  if (!good) return failure(Reason::io_error, "a known domain in the store has a time that cannot be read");
  return {};
}

// find_new_domains() would begin with those after the period.
Expected<std::vector<KnownDomain>> newest_of(SqlDatabase& database, const ReportPeriod& period) {
  std::vector<KnownDomain> domains;
  bool good = true;
  const std::array<SqlValue, 3> values{encode_field(period.since), encode_field(period.until),
                                       static_cast<std::int64_t>(most_new_domains)};
  const auto read = database.query(
      "SELECT domain, organizational_domain, first, last FROM known_domains WHERE first >= $1 AND first < $2 "
      "ORDER BY first DESC, domain LIMIT $3",
      values, [&](const SqlRow& row) {
        KnownDomain& domain = domains.emplace_back();
        domain.domain = row.text(0);
        domain.organizational_domain = row.text(1);
        good = decode_field(row.text(2), domain.first) && decode_field(row.text(3), domain.last);
        return good;
      });
  if (!read) return tl::unexpected(read.error());
  if (!good) return failure(Reason::io_error, "a known domain in the store has a time that cannot be read");
  return domains;
}

}  // namespace

Expected<void> read_top_domains(SqlDatabase& database, ReportContent& content) {
  const auto suffixes = PublicSuffixList::load();
  if (!suffixes) return tl::unexpected(suffixes.error());
  const auto rows = summarize(
      database, {.by = SummaryKey::domain, .since = content.period.since, .until = content.period.until});
  if (!rows) return tl::unexpected(rows.error());
  for (const SummaryRow& row : *rows) {
    if (row.key.empty()) continue;
    ++content.claimed_domains;
    if (count_of(row.results, Result::pass) > 0) ++content.signing_domains;
    if (content.top_domains.size() == most_domains) continue;
    auto reputation = find_reputation(database, row.key, suffixes->organizational_domain(row.key));
    if (!reputation) return tl::unexpected(reputation.error());
    content.top_domains.push_back({row, std::move(*reputation)});
  }
  return {};
}

Expected<void> read_new_domains(SqlDatabase& database, ReportContent& content) {
  if (auto counted = count_new_domains(database, content); !counted) return counted;
  const auto domains = newest_of(database, content.period);
  if (!domains) return tl::unexpected(domains.error());
  for (const KnownDomain& domain : *domains) {
    auto reputation = find_reputation(database, domain.domain, domain.organizational_domain);
    if (!reputation) return tl::unexpected(reputation.error());
    content.new_domains.push_back({domain, std::move(*reputation)});
  }
  return {};
}

}  // namespace tecs
