#include "verdicts/reputation_rows.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

constexpr std::size_t columns = 6;
constexpr std::size_t batch = 200;  // a round trip to the engine for so many rows

std::string insert_statement(std::size_t rows) {
  std::string values;
  for (std::size_t parameter = 1; parameter <= rows * columns; ++parameter) {
    values += parameter % columns == 1 ? (parameter == 1 ? "(" : "), (") : ", ";
    values += "$" + std::to_string(parameter);
  }
  return "INSERT INTO reputation (domain, state, reason, time, number, organizational) VALUES " + values +
         ") ON CONFLICT (domain) DO UPDATE SET state = excluded.state, reason = excluded.reason, "
         "time = excluded.time, number = excluded.number, organizational = excluded.organizational";
}

Expected<void> insert(SqlDatabase& database, std::span<const ReputationRow* const> rows, Verdict::Time now) {
  // Two texts in all, since a statement is kept.
  static const std::string one = insert_statement(1);
  static const std::string many = insert_statement(batch);
  const std::string time = encode_field(now);
  while (!rows.empty()) {
    const std::size_t taken = rows.size() < batch ? 1 : batch;
    std::vector<SqlValue> values;
    values.reserve(taken * columns);
    for (const ReputationRow* row : rows.first(taken)) {
      values.insert(values.end(), {row->domain, std::string(word(row->state)), row->reason, time, row->number,
                                   std::int64_t{row->organizational}});
    }
    if (const auto done = database.change(taken == 1 ? one : many, values); !done)
      return tl::unexpected(done.error());
    rows = rows.subspan(taken);
  }
  return {};
}

Expected<void> remove(SqlDatabase& database, std::span<const ReputationRow* const> rows) {
  for (const ReputationRow* row : rows) {
    const std::array<SqlValue, 1> values{row->domain};
    const auto done = database.change("DELETE FROM reputation WHERE domain = $1", values);
    if (!done) return tl::unexpected(done.error());
  }
  return {};
}

// A state that is none of the four counts as unknown, and is put right when the table is next written.
ReputationRow read_row(const SqlRow& row) {
  return {.domain = std::string(row.text(0)),
          .state = parse_reputation(row.text(1)).value_or(Reputation::unknown),
          .reason = std::string(row.text(2)),
          .number = row.real(3),
          .organizational = row.integer(4) != 0};
}

}  // namespace

bool is_by_hand(const ReputationRow& row) noexcept {
  return row.reason.starts_with(by_hand);
}

Expected<void> read_reputation(SqlDatabase& database,
                               const std::function<bool(const ReputationRow&)>& visit) {
  return database.query(
      "SELECT domain, state, reason, number, organizational FROM reputation ORDER BY domain", {},
      [&](const SqlRow& row) { return visit(read_row(row)); });
}

Expected<std::optional<ReputationRow>> find_reputation(SqlDatabase& database, const std::string& domain) {
  std::optional<ReputationRow> found;
  const std::array<SqlValue, 1> values{domain};
  return database
      .query("SELECT domain, state, reason, number, organizational FROM reputation WHERE domain = $1", values,
             [&](const SqlRow& row) {
               found = read_row(row);
               return false;
             })
      .map([&] { return std::move(found); });
}

Expected<void> write_reputation_rows(SqlDatabase& database, const std::vector<ReputationRow>& former,
                                     const std::vector<ReputationRow>& wanted, Verdict::Time now) {
  std::vector<const ReputationRow*> changed;
  std::vector<const ReputationRow*> gone;
  auto old = former.begin();
  for (const ReputationRow& row : wanted) {
    for (; old != former.end() && old->domain < row.domain; ++old) gone.push_back(&*old);
    const bool was_there = old != former.end() && old->domain == row.domain;
    if (!was_there || *old != row) changed.push_back(&row);
    if (was_there) ++old;
  }
  for (; old != former.end(); ++old) gone.push_back(&*old);
  return insert(database, changed, now).and_then([&] { return remove(database, gone); });
}

}  // namespace tecs
