#include "verdicts/reputation_override.hpp"

#include <array>
#include <utility>

#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

// What the program did not write so is not believed: a domain without its override is better than one with
// somebody's slip of the pen.
std::optional<ReputationOverride> read_row(const SqlRow& row) {
  ReputationOverride found{.domain = std::string(row.text(0)), .note = std::string(row.text(2))};
  const auto state = parse_reputation(row.text(1));
  if (!state || !decode_field(row.text(3), found.time)) return std::nullopt;
  found.state = *state;
  if (row.text(4).empty()) return found;
  Verdict::Time expires;
  if (!decode_field(row.text(4), expires)) return std::nullopt;
  found.expires = expires;
  return found;
}

Expected<std::vector<ReputationOverride>> select(SqlDatabase& database, const std::string& sql,
                                                 std::span<const SqlValue> values) {
  std::vector<ReputationOverride> found;
  return database
      .query(sql, values,
             [&](const SqlRow& row) {
               if (auto read = read_row(row)) found.push_back(std::move(*read));
               return true;
             })
      .map([&] { return std::move(found); });
}

}  // namespace

Expected<void> set_override(SqlDatabase& database, const ReputationOverride& override) {
  const std::array<SqlValue, 5> values{override.domain, std::string(word(override.state)), override.note,
                                       encode_field(override.time),
                                       override.expires ? encode_field(*override.expires) : std::string()};
  return database
      .change(
          "INSERT INTO reputation_overrides (domain, state, note, time, expires) VALUES ($1, $2, $3, $4, $5) "
          "ON CONFLICT (domain) DO UPDATE SET state = excluded.state, note = excluded.note, "
          "time = excluded.time, expires = excluded.expires",
          values)
      .map([](std::uint64_t) {});
}

Expected<bool> remove_override(SqlDatabase& database, const std::string& domain) {
  const std::array<SqlValue, 1> values{domain};
  return database.change("DELETE FROM reputation_overrides WHERE domain = $1", values)
      .map([](std::uint64_t rows) { return rows != 0; });
}

Expected<std::optional<ReputationOverride>> find_override(SqlDatabase& database, const std::string& domain,
                                                          Verdict::Time now) {
  const std::array<SqlValue, 2> values{encode_field(now), domain};
  return select(database,
                "SELECT domain, state, note, time, expires FROM reputation_overrides "
                "WHERE (expires = '' OR expires > $1) AND domain = $2",
                values)
      .map([](std::vector<ReputationOverride> found) {
        return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
      });
}

Expected<std::vector<ReputationOverride>> read_overrides(SqlDatabase& database, Verdict::Time now) {
  const std::array<SqlValue, 1> values{encode_field(now)};
  return select(database,
                "SELECT domain, state, note, time, expires FROM reputation_overrides "
                "WHERE expires = '' OR expires > $1 ORDER BY domain",
                values);
}

}  // namespace tecs
