#include "verdicts/complaint_connection.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "tecs/verifier.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

using std::chrono::floor;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view columns =
    "SELECT id, time, receiver, server, client, result, domain, selector, epoch, epoch_offset, key_record,"
    " messages FROM ";

// Verdicts of a domain ($1) from $2 until $3. Without the second condition the index by domain does not
// serve. Whoever complains chooses the domain, so these walk a bounded part of it, the nearest rows by time.
constexpr std::string_view of_domain = "domain = $1 AND domain <> '' AND time >= $2 AND time <= $3";

ConnectionVerdict connection_of(const SqlRow& row) {
  ConnectionVerdict verdict;
  int column = 0;
  verdict.id = row.text(column++);
  static_cast<void>(decode_field(row.text(column++), verdict.time));
  for (std::string* text : {&verdict.receiver, &verdict.server, &verdict.client, &verdict.result,
                            &verdict.domain, &verdict.selector})
    *text = row.text(column++);
  // A verdict of an older version has no epoch: that of its time stands for it.
  verdict.epoch = row.is_null(column) ? Epoch::nearest(floor<seconds>(verdict.time)).time()
                                      : std::chrono::sys_seconds{seconds{row.integer(column)}};
  verdict.epoch += seconds{row.integer(column + 1)};
  verdict.key_record = row.text(column + 2);
  verdict.messages = static_cast<std::uint64_t>(row.integer(column + 3));
  return verdict;
}

std::string time_text(std::chrono::sys_seconds time) {
  return encode_field(Verdict::Time(time));
}

// Adds those that are not among the keys yet, until there are so many.
Expected<void> add_keys(SqlDatabase& database, const std::string& statement,
                        const std::array<SqlValue, 4>& values, std::size_t maximum,
                        std::vector<std::string>& keys) {
  return database.query(statement, values, [&](const SqlRow& row) {
    std::string key(row.text(0));
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
    return keys.size() < maximum;
  });
}

}  // namespace

Expected<std::optional<ConnectionVerdict>> find_connection_by_id(SqlDatabase& database,
                                                                 const std::string& id) {
  static const std::string statement = std::string(columns) + "verdicts WHERE id = $1";
  std::optional<ConnectionVerdict> found;
  const std::array<SqlValue, 1> values{id};
  const auto read = database.query(statement, values, [&](const SqlRow& row) {
    found = connection_of(row);
    return false;
  });
  if (!read) return tl::unexpected(read.error());
  return found;
}

Expected<std::optional<ConnectionVerdict>> find_connection(SqlDatabase& database, const std::string& domain,
                                                           const ConnectionTuple& tuple,
                                                           const SignedPeriod& period) {
  // A verdict's time is that of the connection, and AUTH may come long after. The clock that made the epoch
  // may have been behind the receiver's as far as a receiver bears.
  constexpr std::chrono::hours longest{24};
  constexpr seconds behind = Epoch::step * (VerifierOptions::maximum_epoch_tolerance + 1);
  static const std::string statement =
      std::string(columns).append("(").append(columns).append("verdicts WHERE ").append(of_domain) +
      " ORDER BY time DESC LIMIT 10000) AS near WHERE client = $4 AND server = $5 AND result = 'pass'";
  std::optional<ConnectionVerdict> found;
  const std::array<SqlValue, 5> values{domain, time_text(period.first - longest),
                                       time_text(period.last + behind), tuple.source().format(),
                                       tuple.destination().format()};
  const auto read = database.query(statement, values, [&](const SqlRow& row) {
    ConnectionVerdict verdict = connection_of(row);
    if (verdict.epoch < period.first || verdict.epoch > period.last) return true;
    found = std::move(verdict);
    return false;
  });
  if (!read) return tl::unexpected(read.error());
  return found;
}

Expected<std::vector<std::string>> find_kept_keys(SqlDatabase& database, const Credential& credential,
                                                  Epoch epoch) {
  constexpr std::chrono::days near{7};
  constexpr std::size_t each_way = 4;
  const auto select = [](const std::string& order) {
    return "SELECT key_record FROM (SELECT time, selector, result, key_record FROM verdicts WHERE " +
           std::string(of_domain) + " ORDER BY " + order +
           " LIMIT 500) AS near WHERE selector = $4 AND result = 'pass' AND key_record <> '' ORDER BY " +
           order;
  };
  static const std::string before = select("time DESC");
  static const std::string after = select("time");
  const std::string domain = credential.domain.text();
  const std::string selector = credential.selector ? credential.selector->text() : std::string();
  const std::string then = time_text(epoch.time());
  std::vector<std::string> keys;
  auto added =
      add_keys(database, before, {domain, time_text(epoch.time() - near), then, selector}, each_way, keys);
  if (added)
    added = add_keys(database, after, {domain, then, time_text(epoch.time() + near), selector}, 2 * each_way,
                     keys);
  if (!added) return tl::unexpected(added.error());
  return keys;
}

}  // namespace tecs
