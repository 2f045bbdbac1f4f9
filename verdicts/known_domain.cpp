#include "verdicts/known_domain.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

Expected<std::vector<KnownDomain>> read_domains(SqlDatabase& database, const std::string& condition,
                                                std::span<const SqlValue> values) {
  std::vector<KnownDomain> domains;
  bool good = true;
  const auto read = database.query(
      "SELECT domain, organizational_domain, first, last FROM known_domains WHERE " + condition, values,
      [&](const SqlRow& row) {
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

Expected<std::optional<KnownDomain>> find_known_domain(SqlDatabase& database, const std::string& domain) {
  return read_domains(database, "domain = $1", std::array<SqlValue, 1>{domain})
      .map([](const std::vector<KnownDomain>& found) {
        return found.empty() ? std::nullopt : std::optional(found.front());
      });
}

Expected<std::vector<KnownDomain>> find_new_domains(SqlDatabase& database, Verdict::Time since,
                                                    std::size_t limit) {
  const auto most = static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX));
  return read_domains(database, "first >= $1 ORDER BY first DESC, domain LIMIT $2",
                      std::array<SqlValue, 2>{encode_field(since), most});
}

}  // namespace tecs
