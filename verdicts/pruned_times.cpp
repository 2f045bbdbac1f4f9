#include "verdicts/pruned_times.hpp"

#include <array>
#include <string>

#include "verdicts/verdict_fields.hpp"

namespace tecs {

Expected<PrunedTimes> read_pruned_times(SqlDatabase& database) {
  PrunedTimes times;
  bool good = true;
  const auto read = database.query("SELECT what, time FROM pruned_times", {}, [&](const SqlRow& row) {
    Verdict::Time time;
    good = decode_field(row.text(1), time);
    if (row.text(0) == pruned_verdicts) times.verdicts = time;
    if (row.text(0) == pruned_days) times.days = time;
    if (row.text(0) == pruned_names) times.names = time;
    return good;
  });
  if (!read) return tl::unexpected(read.error());
  if (!good) return failure(Reason::io_error, "the store does not tell what was pruned from it");
  return times;
}

Expected<void> keep_pruned_time(SqlDatabase& database, std::string_view what, Verdict::Time before) {
  const std::array<SqlValue, 2> values{std::string(what), encode_field(before)};
  return database
      .change(
          "INSERT INTO pruned_times AS present (what, time) VALUES ($1, $2) ON CONFLICT (what) DO UPDATE SET "
          "time = excluded.time WHERE excluded.time > present.time",
          values)
      .map([](std::uint64_t) {});
}

}  // namespace tecs
