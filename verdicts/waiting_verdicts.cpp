#include "verdicts/waiting_verdicts.hpp"

#include "verdicts/verdict_fields.hpp"

namespace tecs {

Expected<WaitingVerdicts> find_waiting_verdicts(SqlDatabase& database) {
  WaitingVerdicts waiting;
  if (database.dialect() != SqlDialect::sqlite) return waiting;
  bool good = true;
  const auto read = database.query(
      "SELECT count(*), min(verdicts.time) FROM forward_queue LEFT JOIN verdicts ON verdicts.id = "
      "forward_queue.id",
      {}, [&](const SqlRow& row) {
        waiting.count = static_cast<std::uint64_t>(row.integer(0));
        if (!row.is_null(1)) good = decode_field(row.text(1), waiting.oldest.emplace());
        return false;
      });
  if (!read) return tl::unexpected(read.error());
  if (!good) return failure(Reason::io_error, "a verdict that is still to be forwarded has no time");
  return waiting;
}

Expected<std::uint64_t> forget_waiting_verdicts(SqlDatabase& database) {
  if (database.dialect() != SqlDialect::sqlite) return 0;
  return database.change("DELETE FROM forward_queue");
}

}  // namespace tecs
