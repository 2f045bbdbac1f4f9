#include "verdicts/complaint_queue.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tecs/base64.hpp"
#include "tecs/digest.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

using Step = QueuedDecision::Step;

struct QueuedComplaint {
  std::string id;
  Verdict::Time time{};  // when it came
  std::string mail;
  std::int64_t attempts = 0;
};

// Goes before the next attempt of all that were tried, as no year of them begins with 0; and the earlier it
// came, the sooner. Thus mails of silent domains, which anybody can send, hold up no others.
std::string never_tried(Verdict::Time came) {
  return "0" + encode_field(came);
}

Expected<std::optional<QueuedComplaint>> take(SqlDatabase& database, Verdict::Time now, unsigned worker) {
  static const std::string first_due =
      "SELECT id, time, message, attempts FROM complaint_queue WHERE next_attempt <= $1"
      " ORDER BY next_attempt, id LIMIT 1 OFFSET $2";
  static const std::string first_free = first_due + " FOR UPDATE SKIP LOCKED";
  const bool sqlite = database.dialect() == SqlDialect::sqlite;
  const std::array<SqlValue, 2> values{encode_field(now), std::int64_t{sqlite ? worker : 0}};
  std::optional<QueuedComplaint> taken;
  const auto read = database.query(sqlite ? first_due : first_free, values, [&](const SqlRow& row) {
    QueuedComplaint queued;
    queued.id = row.text(0);
    static_cast<void>(decode_field(row.text(1), queued.time));
    // What was not put here by queue_complaint() is no mail, and is decided as that.
    queued.mail = text_of(decode_base64(row.text(2)).value_or(Octets()));
    queued.attempts = row.integer(3);
    taken = std::move(queued);
    return false;
  });
  if (!read) return tl::unexpected(read.error());
  return taken;
}

Expected<std::uint64_t> postpone(SqlDatabase& database, const QueuedComplaint& queued, Verdict::Time now,
                                 const ComplaintQueueOptions& options) {
  static const std::string statement =
      "UPDATE complaint_queue SET attempts = $1, next_attempt = $2 WHERE id = $3 AND attempts = $4";
  std::chrono::milliseconds wait = options.first_retry;
  for (std::int64_t i = 0; i < queued.attempts && wait < options.longest_retry; ++i) wait *= 3;
  const std::array<SqlValue, 4> values{queued.attempts + 1,
                                       encode_field(now + std::min(wait, options.longest_retry)), queued.id,
                                       queued.attempts};
  return database.change(statement, values);
}

// The part that writes. Inside of a transaction.
Expected<QueuedDecision> settle(SqlDatabase& database, const QueuedComplaint& queued,
                                const ComplaintFinding& finding) {
  static const std::string statement = "DELETE FROM complaint_queue WHERE id = $1";
  const std::array<SqlValue, 1> values{queued.id};
  const auto deleted = database.change(statement, values);
  if (!deleted) return tl::unexpected(deleted.error());
  if (*deleted == 0) return QueuedDecision{.step = Step::taken};
  auto complaint = settle_complaint(database, finding);
  if (!complaint) return tl::unexpected(complaint.error());
  return QueuedDecision{.step = Step::decided, .complaint = *std::move(complaint)};
}

// True: DNS could not be asked, which is the mail's own affair. Otherwise it is the database that fails, and
// no mail is decided.
bool of_the_source(const Error& error) noexcept {
  return result_of(error.reason) == Result::temperror &&
         (error.reason == Reason::dns_timeout || error.reason == Reason::dns_error);
}

// There will be no other try.
bool is_last(const QueuedComplaint& queued, Verdict::Time now,
             const ComplaintQueueOptions& options) noexcept {
  return queued.attempts + 1 >= options.maximum_attempts || now - queued.time >= options.patience;
}

struct Attempt {
  std::optional<ComplaintFinding> finding;  // empty: not now
  std::string sentence;
};

Expected<Attempt> attempt(const ComplaintContext& context, const QueuedComplaint& queued, Verdict::Time now,
                          const ComplaintQueueOptions& options) {
  ComplaintContext then = context;
  then.limits.maximum_age += now - queued.time;  // what waited here does not grow too old by that
  auto finding = examine_complaint(queued.mail, now, then);
  if (finding) return Attempt{*std::move(finding), {}};
  if (!of_the_source(finding.error())) return tl::unexpected(finding.error());
  const std::string& sentence = finding.error().sentence;
  if (is_last(queued, now, options))
    return Attempt{give_up_complaint(queued.mail, now, context, sentence), {}};
  return Attempt{std::nullopt, sentence};
}

Expected<QueuedDecision> decide_locked(const ComplaintContext& context, Verdict::Time now,
                                       const ComplaintQueueOptions& options,
                                       std::optional<QueuedComplaint>& queued) {
  auto taken = take(context.database, now, 0);
  if (!taken) return tl::unexpected(taken.error());
  queued = *std::move(taken);
  if (!queued) return QueuedDecision{.step = Step::none};
  auto tried = attempt(context, *queued, now, options);
  if (!tried) return tl::unexpected(tried.error());
  if (tried->finding) return settle(context.database, *queued, *tried->finding);
  const auto postponed = postpone(context.database, *queued, now, options);
  if (!postponed) return tl::unexpected(postponed.error());
  return QueuedDecision{.step = Step::postponed, .complaint = {}, .sentence = std::move(tried->sentence)};
}

// Runs the body in a transaction and returns what it returned.
template <typename Body>
Expected<QueuedDecision> in_transaction(SqlDatabase& database, Body body) {
  QueuedDecision decision;
  const auto done = database.transaction([&]() -> Expected<void> {
    auto decided = body();
    if (!decided) return tl::unexpected(decided.error());
    decision = *std::move(decided);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return decision;
}

Expected<QueuedDecision> decide_unlocked(const ComplaintContext& context, Verdict::Time now,
                                         const ComplaintQueueOptions& options, unsigned worker,
                                         std::optional<QueuedComplaint>& queued) {
  auto taken = take(context.database, now, worker);
  if (!taken) return tl::unexpected(taken.error());
  queued = *std::move(taken);
  if (!queued) return QueuedDecision{.step = Step::none};
  auto tried = attempt(context, *queued, now, options);
  if (!tried) return tl::unexpected(tried.error());
  if (tried->finding)
    return in_transaction(context.database,
                          [&] { return settle(context.database, *queued, *tried->finding); });
  const auto postponed = postpone(context.database, *queued, now, options);
  if (!postponed) return tl::unexpected(postponed.error());
  return QueuedDecision{.step = *postponed == 0 ? Step::taken : Step::postponed,
                        .complaint = {},
                        .sentence = std::move(tried->sentence)};
}

}  // namespace

Expected<void> queue_complaint(SqlDatabase& database, std::string_view mail, Verdict::Time now) {
  static const std::string statement =
      "INSERT INTO complaint_queue (id, time, message, attempts, next_attempt) VALUES ($1, $2, $3, 0, $4)"
      " ON CONFLICT (id) DO NOTHING";
  const std::array<SqlValue, 4> values{encode_base64(sha256(octets_of(mail))), encode_field(now),
                                       encode_base64(octets_of(mail)), never_tried(now)};
  const auto changed = database.change(statement, values);
  if (!changed) return tl::unexpected(changed.error());
  return {};
}

Expected<QueuedDecision> decide_queued_complaint(const ComplaintContext& context, Verdict::Time now,
                                                 const ComplaintQueueOptions& options, unsigned worker) {
  std::optional<QueuedComplaint> queued;
  SqlDatabase& database = context.database;
  auto decision =
      database.dialect() == SqlDialect::sqlite
          ? decide_unlocked(context, now, options, worker, queued)
          : in_transaction(database, [&] { return decide_locked(context, now, options, queued); });
  if (decision || !queued) return decision;
  // A mail with which the store fails must not keep those behind it from their turn, nor stay for ever.
  if (is_last(*queued, now, options)) {
    auto given_up = in_transaction(
        database, [&] { return settle(database, *queued, drop_complaint(queued->mail, now)); });
    if (given_up) return given_up;
  }
  static_cast<void>(postpone(database, *queued, now, options));
  return decision;
}

Expected<std::uint64_t> count_queued_complaints(SqlDatabase& database) {
  static const std::string statement = "SELECT COUNT(*) FROM complaint_queue";
  std::uint64_t count = 0;
  const auto read = database.query(statement, {}, [&](const SqlRow& row) {
    count = static_cast<std::uint64_t>(row.integer(0));
    return false;
  });
  if (!read) return tl::unexpected(read.error());
  return count;
}

}  // namespace tecs
