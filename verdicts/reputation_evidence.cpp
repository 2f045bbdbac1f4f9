#include "verdicts/reputation_evidence.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "verdicts/batch_counts.hpp"
#include "verdicts/batch_counts_text.hpp"
#include "verdicts/client_network.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_rollup.hpp"

namespace tecs {
namespace {

// A statement over one scope. $1 is the oldest day, as a time. `named` is the column that has the domain;
// `chosen` says which of known_domains (k) and complaints (c) are meant.
struct Choice {
  std::string named;
  std::string chosen_known;
  std::string chosen_complaints;
};

// Four kinds of rows in one statement, which sees one state of the store: batches whose counts are not among
// the daily ones yet, and have no domain, come first; then, by domain, daily counts, complaints, and one row
// for each domain that passed, with its first pass. What a kind does not have is empty. Only complaints
// without a verdict have a destination. A complaint is of the day of its connection, as the mail is that it
// is about.
std::string evidence_statement(SqlDialect dialect, const Choice& choice) {
  const std::string counted = choice.named + " AS domain, ";
  const std::string complaint_time =
      "CASE WHEN c.connection_time <> '' THEN c.connection_time ELSE c.time END";
  return "SELECT k." + counted +
         "'count' AS kind, v.start AS start, v.domain AS d, v.organizational_domain AS o, v.result AS "
         "result, "
         "v.reason AS reason, v.receiver AS receiver, v.connections AS connections, v.messages AS messages, "
         "'' AS detail FROM known_domains k JOIN verdicts_daily v ON v.domain = k.domain "
         "WHERE v.domain <> '' AND v.start >= $1 AND v.result IN ('pass', 'fail') AND " +
         choice.chosen_known + " UNION ALL SELECT c." + counted + "'complaint', " + complaint_time +
         ", c.domain, '', '', '', '', 1, CASE WHEN c.verdict = '' THEN 1 ELSE 0 END, "
         "CASE WHEN c.verdict = '' THEN c.destination ELSE '' END "
         "FROM complaints c WHERE c.status = 'counted' AND c.domain <> '' AND " +
         complaint_time + " >= $1 AND " + choice.chosen_complaints + " UNION ALL SELECT k." + counted +
         "'known', k.first, k.domain, '', '', '', '', 0, 0, '' FROM known_domains k WHERE " +
         choice.chosen_known + " UNION ALL SELECT '', 'batch', '', '', '', '', '', '', 0, 0, counts FROM " +
         waiting_batches(dialect) + " ORDER BY domain";
}

// Where the columns of a row stand.
enum Column : int {
  named,
  kind,
  start,
  domain,
  organizational_domain,
  result,
  reason,
  receiver,
  connections,
  messages,
  detail
};

// $2 is the domain; where all are meant it is not there.
std::string one_domain(SqlDialect dialect, EvidenceScope scope) {
  if (scope == EvidenceScope::domain)
    return evidence_statement(dialect, {"domain", "k.domain = $2", "c.domain = $2"});
  return evidence_statement(
      dialect, {"organizational_domain", "k.organizational_domain = $2", "c.organizational_domain = $2"});
}

std::string all_domains(SqlDialect dialect, EvidenceScope scope) {
  if (scope == EvidenceScope::domain) {
    return evidence_statement(
        dialect, {"domain", "k.domain <> k.organizational_domain", "c.domain <> c.organizational_domain"});
  }
  return evidence_statement(
      dialect, {"organizational_domain", "k.organizational_domain <> ''", "c.organizational_domain <> ''"});
}

std::string first_moment(std::chrono::sys_days day) {
  return encode_field(Verdict::Time(day));
}

// What batches added that is not among the daily counts yet, by domain.
class WaitingCounts {
 public:
  explicit WaitingCounts(std::chrono::sys_days since) : since_(since) {}

  void add(std::string_view text) {
    VerdictRollup batch;
    if (!decode_batch_counts(texts_.emplace_back(text), batch)) texts_.pop_back();
    for (const RollupRow& row : batch.hours) {
      const bool counts = row.key.result == Result::pass || row.key.result == Result::fail;
      if (counts && !row.key.domain.empty() && row.key.start >= since_) rows_[row.key.domain].push_back(row);
    }
  }

  [[nodiscard]] std::span<const RollupRow> of(std::string_view domain) const {
    const auto found = rows_.find(domain);
    return found == rows_.end() ? std::span<const RollupRow>{} : found->second;
  }

 private:
  Verdict::Time since_;
  std::deque<std::string> texts_;  // stay where they are
  std::unordered_map<std::string_view, std::vector<RollupRow>> rows_;
};

// Gathers the rows of a domain, which may come in any order.
class EvidenceOfDomain {
 public:
  // What is no time comes from nobody's hand but one that wrote into the store; it counts as not there.
  void add(const SqlRow& row) {
    const std::string_view kind = row.text(Column::kind);
    Verdict::Time time;
    const bool has_time = decode_field(row.text(Column::start), time);
    if (kind == "known") {
      domains_.emplace_back(row.text(Column::domain));
      if (has_time) evidence_.first_pass = std::min(evidence_.first_pass.value_or(time), time);
    } else if (has_time && kind == "complaint") {
      DailyEvidence& sum = day(time);
      sum.complaints += row.integer(Column::connections);
      sum.complaints_without_verdict += row.integer(Column::messages);
      add_destination(row.text(Column::detail));
    } else if (has_time) {
      const auto result = parse_result(row.text(Column::result));
      if (result)
        add_count(key_of(row, time, *result), row.integer(Column::connections),
                  row.integer(Column::messages));
    }
  }

  // Leaves nothing behind.
  ReputationEvidence take(const WaitingCounts& waiting) {
    for (const std::string& domain : domains_) {
      for (const auto& [key, counts] : waiting.of(domain))
        add_count(key_of(key), static_cast<std::int64_t>(counts.connections),
                  static_cast<std::int64_t>(counts.messages));
    }
    for (const auto& [key, count] : counts_) add_to_day(key, count);
    for (const auto& [date, sum] : days_) evidence_.days.push_back(sum);
    evidence_.destinations = networks_.size();
    networks_.clear();
    domains_.clear();
    counts_.clear();
    days_.clear();
    return std::exchange(evidence_, {});
  }

 private:
  // That of a daily count: messages are bounded by it.
  struct Key {
    std::chrono::sys_days day;
    std::string domain, organizational_domain;
    Result result;
    std::string reason, receiver;

    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Count {
    std::int64_t connections = 0;
    std::int64_t messages = 0;
  };

  static Key key_of(const SqlRow& row, Verdict::Time start, Result result) {
    return {std::chrono::floor<std::chrono::days>(start),
            std::string(row.text(Column::domain)),
            std::string(row.text(Column::organizational_domain)),
            result,
            std::string(row.text(Column::reason)),
            std::string(row.text(Column::receiver))};
  }
  static Key key_of(const RollupKey& key) {
    return {std::chrono::floor<std::chrono::days>(key.start),
            std::string(key.domain),
            std::string(key.organizational_domain),
            key.result,
            std::string(key.reason),
            std::string(key.receiver)};
  }

  DailyEvidence& day(Verdict::Time time) {
    const auto date = std::chrono::floor<std::chrono::days>(time);
    return days_.try_emplace(date, DailyEvidence{.day = date}).first->second;
  }

  void add_count(Key key, std::int64_t connections, std::int64_t messages) {
    // More come only from somebody's hand; so many can be added up and multiplied.
    constexpr std::int64_t most = std::int64_t{1} << 40U;
    Count& count = counts_[std::move(key)];
    count.connections += std::clamp<std::int64_t>(connections, 0, most);
    count.messages += std::clamp<std::int64_t>(messages, 0, most);
  }

  void add_to_day(const Key& key, const Count& count) {
    DailyEvidence& sum = day(key.day);
    if (key.result == Result::pass) {
      sum.connections += count.connections;
      sum.messages += std::min(count.messages, most_messages_of_a_connection * count.connections);
    } else if (key.reason == word(Reason::replay)) {
      sum.replays += count.connections;
    } else {
      sum.failures += count.connections;
    }
  }

  // What is no address is no network of its own.
  void add_destination(std::string_view destination) {
    if (destination.empty() || networks_.size() == most_destinations) return;
    const std::string network = ClientNetwork::site_of(destination).format();
    if (!network.empty()) networks_.insert(network);
  }

  ReputationEvidence evidence_;
  std::vector<std::string> domains_;  // that are known, of this one
  std::map<Key, Count> counts_;
  std::map<std::chrono::sys_days, DailyEvidence> days_;
  std::set<std::string> networks_;
};

bool is_batch(const SqlRow& row) {
  return row.text(Column::kind) == "batch";
}

}  // namespace

Expected<EvidenceScope> scope_of(SqlDatabase& database, const std::string& domain) {
  EvidenceScope scope = EvidenceScope::domain;
  const std::array<SqlValue, 1> values{domain};
  return database
      .query(
          "SELECT 1 WHERE EXISTS (SELECT 1 FROM known_domains WHERE organizational_domain = $1) "
          "OR EXISTS (SELECT 1 FROM complaints WHERE organizational_domain = $1 AND status = 'counted')",
          values,
          [&](const SqlRow&) {
            scope = EvidenceScope::organizational_domain;
            return false;
          })
      .map([&] { return scope; });
}

Expected<ReputationEvidence> read_evidence(SqlDatabase& database, const std::string& domain,
                                           EvidenceScope scope, std::chrono::sys_days since) {
  WaitingCounts waiting(since);
  EvidenceOfDomain evidence;
  const std::array<SqlValue, 2> values{first_moment(since), domain};
  return database
      .query(one_domain(database.dialect(), scope), values,
             [&](const SqlRow& row) {
               if (!is_batch(row)) {
                 evidence.add(row);
               } else {
                 waiting.add(row.text(Column::detail));
               }
               return true;
             })
      .map([&] { return evidence.take(waiting); });
}

Expected<void> read_all_evidence(SqlDatabase& database, EvidenceScope scope, std::chrono::sys_days since,
                                 const std::function<bool(const std::string&, ReputationEvidence)>& visit) {
  WaitingCounts waiting(since);
  EvidenceOfDomain evidence;
  std::string domain;
  bool wanted = true;
  const auto visit_gathered = [&] {
    if (!domain.empty()) wanted = visit(domain, evidence.take(waiting));
    return wanted;
  };
  const std::array<SqlValue, 1> values{first_moment(since)};
  auto read = database.query(all_domains(database.dialect(), scope), values, [&](const SqlRow& row) {
    if (is_batch(row)) {
      waiting.add(row.text(Column::detail));
      return true;
    }
    if (row.text(Column::named) != domain) {
      if (!visit_gathered()) return false;
      domain = row.text(Column::named);
    }
    evidence.add(row);
    return true;
  });
  if (!read) return read;
  if (wanted) visit_gathered();
  return {};
}

}  // namespace tecs
