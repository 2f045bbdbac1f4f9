#include "verdicts/complaint_book.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

constexpr std::string_view columns =
    "id, time, status, reason, detail, verdict, domain, organizational_domain, selector, reporter,"
    " feedback_type, source, destination, epoch, connection_time, key_source";

// Until the end of the transaction nobody else counts complaints whose ids begin like this. On SQLite nobody
// else writes at all.
Expected<void> lock_day(SqlDatabase& database, const std::string& day) {
  if (database.dialect() == SqlDialect::sqlite) return {};
  static const std::string statement = "SELECT pg_advisory_xact_lock($1)";
  constexpr int sixteen = 16;
  constexpr std::size_t digits = 15;  // of 16 bits short: it fits a BIGINT whatever the digits are
  std::int64_t number = 0;
  std::from_chars(day.data(), day.data() + digits, number, sixteen);
  const std::array<SqlValue, 1> values{number};
  return database.query(statement, values, [](const SqlRow&) { return true; });
}

struct Standing {
  bool same = false;          // this complaint is there
  std::uint64_t counted = 0;  // of this connection
};

// The ids of a connection's complaints begin alike, so the primary key finds them.
Expected<Standing> find_standing(SqlDatabase& database, const std::string& connection,
                                 const std::string& id) {
  static const std::string statement = "SELECT id FROM complaints WHERE id >= $1 AND id < $2";
  const std::array<SqlValue, 2> values{connection, connection + "g"};
  Standing standing;
  const auto read = database.query(statement, values, [&](const SqlRow& row) {
    standing.same = standing.same || row.text(0) == id;
    ++standing.counted;
    return true;
  });
  if (!read) return tl::unexpected(read.error());
  return standing;
}

Expected<std::uint64_t> count_without_verdict(SqlDatabase& database, const std::string& day) {
  static const std::string statement =
      "SELECT COUNT(*) FROM complaints WHERE id >= $1 AND id < $2 AND verdict = ''";
  const std::array<SqlValue, 2> values{day, day + "g"};
  std::uint64_t count = 0;
  const auto read = database.query(statement, values, [&](const SqlRow& row) {
    count = static_cast<std::uint64_t>(row.integer(0));
    return false;
  });
  if (!read) return tl::unexpected(read.error());
  return count;
}

Complaint complaint_of(const SqlRow& row) {
  Complaint complaint;
  int column = 0;
  complaint.id = row.text(column++);
  static_cast<void>(decode_field(row.text(column++), complaint.time));
  complaint.status = parse_complaint_status(row.text(column++)).value_or(ComplaintStatus::malformed);
  complaint.reason = parse_complaint_reason(row.text(column++)).value_or(ComplaintReason::none);
  for (std::string* text : {&complaint.detail, &complaint.verdict, &complaint.domain,
                            &complaint.organizational_domain, &complaint.selector, &complaint.reporter,
                            &complaint.feedback_type, &complaint.source, &complaint.destination})
    *text = row.text(column++);
  if (!row.is_null(column))
    complaint.epoch = std::chrono::sys_seconds{std::chrono::seconds{row.integer(column)}};
  ++column;
  static_cast<void>(decode_field(row.text(column++), complaint.connection_time));
  complaint.key_source = row.text(column);
  return complaint;
}

// Why it does not count after those that were counted. Empty: it does.
Expected<std::optional<ComplaintRefusal>> refuse(SqlDatabase& database, const VerifiedComplaint& verified,
                                                 const Complaint& complaint) {
  const auto because = [](ComplaintStatus status, ComplaintReason reason, std::string detail) {
    return std::optional(ComplaintRefusal{status, reason, std::move(detail)});
  };
  const auto standing = find_standing(database, complaint_connection_id(complaint), complaint.id);
  if (!standing) return tl::unexpected(standing.error());
  if (standing->same)
    return because(ComplaintStatus::duplicate, ComplaintReason::same_complaint,
                   "this message of this connection was complained of before");
  if (verified.messages == 0)
    return because(ComplaintStatus::unverified, ComplaintReason::no_message,
                   "the receiver let no message of this connection pass");
  if (standing->counted >= verified.messages)
    return because(ComplaintStatus::duplicate, ComplaintReason::message_limit,
                   "as many complaints as count for this connection were counted before");
  if (!complaint.verdict.empty()) return std::optional<ComplaintRefusal>();
  const auto counted = count_without_verdict(database, complaint_day_id(complaint));
  if (!counted) return tl::unexpected(counted.error());
  if (*counted >= verified.without_verdict)
    return because(ComplaintStatus::unverified, ComplaintReason::evidence_limit,
                   "as many complaints as count without a verdict were counted of that receiver and day");
  return std::optional<ComplaintRefusal>();
}

// A statement that grows with the conditions.
class Conditions {
 public:
  void add(std::string_view comparison, std::string value) {
    values_.emplace_back(std::move(value));
    text_ += (text_.empty() ? " WHERE " : " AND ") + std::string(comparison) + " $" +
             std::to_string(values_.size());
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] const std::vector<SqlValue>& values() const noexcept { return values_; }

 private:
  std::string text_;
  std::vector<SqlValue> values_;
};

}  // namespace

Expected<Complaint> count_complaint(SqlDatabase& database, const VerifiedComplaint& verified,
                                    const std::string& mail_digest) {
  Complaint complaint = verified.complaint;
  complaint.status = ComplaintStatus::counted;
  complaint.id = complaint_id(complaint, verified.message);
  if (const auto locked = lock_day(database, complaint_day_id(complaint)); !locked)
    return tl::unexpected(locked.error());
  auto refused = refuse(database, verified, complaint);
  if (!refused) return tl::unexpected(refused.error());
  if (*refused) {
    complaint.status = (*refused)->status;
    complaint.reason = (*refused)->reason;
    complaint.detail = std::move((*refused)->detail);
    complaint.id = uncounted_complaint_id(complaint.status, mail_digest);
  }
  return write_complaint(database, complaint).map([&] { return complaint; });
}

Expected<void> write_complaint(SqlDatabase& database, const Complaint& complaint) {
  static const std::string statement = "INSERT INTO complaints (" + std::string(columns) +
                                       ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
                                       " $14, $15, $16) ON CONFLICT (id) DO NOTHING";
  const SqlValue epoch =
      complaint.epoch ? SqlValue(std::int64_t{complaint.epoch->time_since_epoch().count()}) : SqlValue();
  const std::array<SqlValue, 16> values{complaint.id,
                                        encode_field(complaint.time),
                                        std::string(word(complaint.status)),
                                        std::string(word(complaint.reason)),
                                        complaint.detail,
                                        complaint.verdict,
                                        complaint.domain,
                                        complaint.organizational_domain,
                                        complaint.selector,
                                        complaint.reporter,
                                        complaint.feedback_type,
                                        complaint.source,
                                        complaint.destination,
                                        epoch,
                                        encode_field(complaint.connection_time),
                                        complaint.key_source};
  const auto changed = database.change(statement, values);
  if (!changed) return tl::unexpected(changed.error());
  return {};
}

Expected<void> select_complaints(SqlDatabase& database, const ComplaintQuery& query,
                                 const std::function<bool(const Complaint&)>& visit) {
  Conditions conditions;
  if (query.domain) conditions.add("domain =", *query.domain);
  if (query.status) conditions.add("status =", std::string(word(*query.status)));
  if (query.since) conditions.add("time >=", encode_field(*query.since));
  if (query.until) conditions.add("time <", encode_field(*query.until));
  return database.query("SELECT " + std::string(columns) + " FROM complaints" + conditions.text() +
                            " ORDER BY time DESC, id DESC",
                        conditions.values(), [&](const SqlRow& row) { return visit(complaint_of(row)); });
}

}  // namespace tecs
