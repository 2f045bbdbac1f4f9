#include "verdicts/verdict_tail.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "verdicts/verdict_store_select.hpp"

namespace tecs {
namespace {

constexpr std::int64_t late_numbers = 5'000;

// The index on arrival is a BRIN index, which finds a range but not the greatest, so the sequence is asked. A
// user who may not look at it gets the slow answer.
constexpr std::string_view newest_in_postgresql =
    "SELECT coalesce((SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND "
    "sequencename = "
    "'verdicts_arrival_seq'), (SELECT max(arrival) FROM verdicts), 0)";

}  // namespace

VerdictTail::VerdictTail(SqlDatabase& database)
    : database_(database),
      commits_in_order_(database.dialect() == SqlDialect::sqlite),
      arrival_(commits_in_order_ ? "rowid" : "arrival") {}

Expected<void> VerdictTail::visit_last(std::size_t count, const Visit& visit) {
  const auto newest = newest_arrival();
  if (!newest) return tl::unexpected(newest.error());
  seen_.clear();
  floor_ = commits_in_order_ ? *newest : std::max(std::int64_t{0}, *newest - late_numbers);
  // Before the verdicts: whichever commits between the two is then new.
  auto marked = each_arrival_above(floor_, [&](std::int64_t arrival) {
    seen_.insert(arrival);
    return true;
  });
  if (!marked || count == 0) return marked;
  return first_of_last(count, *newest).and_then([&](std::int64_t first) {
    return visit_from(first, Which::all, visit);
  });
}

Expected<void> VerdictTail::visit_new(const Visit& visit) {
  std::optional<std::int64_t> first;
  auto looked = each_arrival_above(floor_, [&](std::int64_t arrival) {
    if (!seen_.contains(arrival)) first = arrival;
    return !first;
  });
  if (!looked || !first) return looked;
  return visit_from(*first, Which::unseen, visit);
}

Expected<std::int64_t> VerdictTail::newest_arrival() {
  return ask(commits_in_order_ ? "SELECT max(rowid) FROM verdicts" : std::string(newest_in_postgresql), {});
}

Expected<std::int64_t> VerdictTail::first_of_last(std::size_t count, std::int64_t newest) {
  const auto wanted = static_cast<std::int64_t>(count);
  // Numbers have gaps: those of verdicts that were there already, and of what was deleted.
  std::int64_t above = 0;
  if (!commits_in_order_) {
    for (std::int64_t span = std::max<std::int64_t>(1000, wanted); span < newest; span *= 4) {
      const std::array<SqlValue, 1> from{newest - span};
      auto there = ask("SELECT count(*) FROM verdicts WHERE arrival > $1", from);
      if (!there) return there;
      if (*there < wanted) continue;
      above = newest - span;
      break;
    }
  }
  const std::array<SqlValue, 2> values{above, wanted};
  return ask("SELECT min(a) FROM (SELECT " + arrival_ + " AS a FROM verdicts WHERE " + arrival_ +
                 " > $1 ORDER BY " + arrival_ + " DESC LIMIT $2) AS newest",
             values);
}

// No statement is open while something is visited: see select_verdicts().
Expected<void> VerdictTail::visit_from(std::int64_t arrival, Which which, const Visit& visit) {
  std::optional<std::int64_t> from = arrival;
  while (from) {
    auto page = read_page(*from);
    if (!page) return tl::unexpected(page.error());
    for (const auto& [number, verdict] : page->verdicts) {
      if (which == Which::unseen && seen_.contains(number)) continue;
      mark_seen(number);
      if (!verdict) return tl::unexpected(verdict.error());
      if (!visit(*verdict)) return {};
    }
    from = page->next;
  }
  return {};
}

Expected<VerdictTail::Page> VerdictTail::read_page(std::int64_t from) {
  static const int arrival_column =
      static_cast<int>(std::count(verdict_columns().begin(), verdict_columns().end(), ',')) + 1;
  const std::array<SqlValue, 1> values{from};
  Page page;
  return database_
      .query("SELECT " + verdict_columns() + ", " + arrival_ + " FROM verdicts WHERE " + arrival_ +
                 " >= $1 ORDER BY " + arrival_ + " LIMIT " + std::to_string(verdict_page_size),
             values,
             [&](const SqlRow& row) {
               page.verdicts.emplace_back(row.integer(arrival_column), read_verdict(row));
               return true;
             })
      .map([&] {
        if (page.verdicts.size() == verdict_page_size) page.next = page.verdicts.back().first + 1;
        return std::move(page);
      });
}

Expected<void> VerdictTail::each_arrival_above(std::int64_t arrival,
                                               const std::function<bool(std::int64_t)>& visit) {
  const std::array<SqlValue, 1> from{arrival};
  return database_.query(
      "SELECT " + arrival_ + " FROM verdicts WHERE " + arrival_ + " > $1 ORDER BY " + arrival_, from,
      [&](const SqlRow& row) { return visit(row.integer(0)); });
}

Expected<std::int64_t> VerdictTail::ask(const std::string& sql, std::span<const SqlValue> values) {
  std::int64_t number = 0;
  return database_
      .query(sql, values,
             [&](const SqlRow& row) {
               number = row.integer(0);
               return false;
             })
      .map([&] { return number; });
}

void VerdictTail::mark_seen(std::int64_t arrival) {
  floor_ = std::max(floor_, commits_in_order_ ? arrival : arrival - late_numbers);
  if (arrival > floor_) seen_.insert(arrival);
  seen_.erase(seen_.begin(), seen_.upper_bound(floor_));
}

}  // namespace tecs
