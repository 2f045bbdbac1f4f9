#include "verdicts/kept_reputation.hpp"

#include <array>

namespace tecs {

Expected<std::optional<Reputation>> find_kept_reputation(SqlDatabase& database, const std::string& domain) {
  const std::array<SqlValue, 1> values{domain};
  std::optional<Reputation> reputation;
  bool wrong = false;
  const auto asked =
      database.query("SELECT state FROM reputation WHERE domain = $1", values, [&](const SqlRow& row) {
        reputation = parse_reputation(row.text(0));
        wrong = !reputation;
        return false;
      });
  if (!asked) return tl::unexpected(asked.error());
  if (wrong) return failure(Reason::io_error, "the table reputation has a state that is none");
  return reputation;
}

}  // namespace tecs
