#include "verdicts/reputation_assessment.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "verdicts/decimal_number.hpp"
#include "verdicts/reputation_rows.hpp"

namespace tecs {
namespace {

std::string reason_for_unknown(const ReputationAssessment& of, const ReputationRules& rules) {
  if (!of.age) return "it never passed";
  if (*of.age < rules.minimum_age) return "it first passed " + std::to_string(of.age->count()) + " days ago";
  return "only " + decimal_number(of.evidence.messages, 1) + " messages";
}

// Both in the order of their domains. What the formula does not know has no row.
std::vector<ReputationRow> with_overrides(std::vector<ReputationRow> computed,
                                          const std::vector<ReputationOverride>& overrides,
                                          const ReputationRules& rules) {
  const double number_of_nobody = assess({}, rules, {}).number;
  std::vector<ReputationRow> rows;
  auto next = computed.begin();
  const auto take_before = [&](std::string_view domain) {
    for (; next != computed.end() && (domain.empty() || next->domain < domain); ++next) {
      if (next->state != Reputation::unknown) rows.push_back(std::move(*next));
    }
  };
  for (const ReputationOverride& override : overrides) {
    take_before(override.domain);
    ReputationRow row{.domain = override.domain, .number = number_of_nobody};
    if (next != computed.end() && next->domain == override.domain) row = std::move(*next++);
    row.state = override.state;
    row.reason = std::string(by_hand) + override.note;
    rows.push_back(std::move(row));
  }
  take_before({});
  return rows;
}

// Of two lists in the order of their domains. A domain without a row is unknown.
std::vector<ReputationChange> changes_between(const std::vector<ReputationRow>& former,
                                              const std::vector<ReputationRow>& wanted) {
  std::vector<ReputationChange> changes;
  const auto add = [&](const std::string& domain, Reputation from, Reputation to) {
    if (from != to) changes.push_back({domain, from, to});
  };
  auto old = former.begin();
  for (const ReputationRow& row : wanted) {
    for (; old != former.end() && old->domain < row.domain; ++old)
      add(old->domain, old->state, Reputation::unknown);
    const bool was_there = old != former.end() && old->domain == row.domain;
    add(row.domain, was_there ? old->state : Reputation::unknown, row.state);
    if (was_there) ++old;
  }
  for (; old != former.end(); ++old) add(old->domain, old->state, Reputation::unknown);
  return changes;
}

// Rows of the formula that nothing takes the place of. Both in the order of their domains.
std::uint64_t lost_rows(const std::vector<ReputationRow>& former, const std::vector<ReputationRow>& wanted) {
  return static_cast<std::uint64_t>(std::ranges::count_if(former, [&](const ReputationRow& row) {
    return !is_by_hand(row) && !std::ranges::binary_search(wanted, row.domain, {}, &ReputationRow::domain);
  }));
}

ReputationRow row_of(const std::string& domain, EvidenceScope scope, ReputationEvidence evidence,
                     const ReputationRules& rules, Verdict::Time now) {
  const ReputationAssessment assessment = assess(std::move(evidence), rules, now);
  return {.domain = domain,
          .state = assessment.state,
          .reason = reason_of(assessment, rules),
          .number = assessment.number,
          .organizational = scope == EvidenceScope::organizational_domain};
}

std::chrono::sys_days oldest_day(const ReputationRules& rules, Verdict::Time now) {
  return std::chrono::floor<std::chrono::days>(now) - oldest_evidence(rules);
}

// Only rows that can come into the table are kept: names that passed a few times may be many.
class Assessor {
 public:
  Assessor(SqlDatabase& database, const ReputationRules& rules, Verdict::Time now)
      : database_(database), rules_(rules), now_(now) {}

  Expected<std::vector<ReputationRow>> assess_all(const std::vector<ReputationOverride>& overrides) {
    for (const ReputationOverride& override : overrides) with_override_.push_back(override.domain);
    return assess_scope(EvidenceScope::organizational_domain)
        .and_then([&] { return assess_scope(EvidenceScope::domain); })
        .map([&] { return take_rows(); });
  }

  [[nodiscard]] std::uint64_t assessed() const noexcept { return assessed_; }

 private:
  Expected<void> assess_scope(EvidenceScope scope) {
    return read_all_evidence(database_, scope, oldest_day(rules_, now_),
                             [&](const std::string& domain, ReputationEvidence evidence) {
                               ++assessed_;
                               ReputationRow row = row_of(domain, scope, std::move(evidence), rules_, now_);
                               if (row.state != Reputation::unknown || has_override(domain))
                                 rows_.push_back(std::move(row));
                               return true;
                             });
  }

  [[nodiscard]] bool has_override(const std::string& domain) const {
    return std::binary_search(with_override_.begin(), with_override_.end(), domain);
  }

  // A name that is an organizational domain for some verdicts and none for others (the list of public
  // suffixes changes) is assessed by all that belong to it.
  std::vector<ReputationRow> take_rows() {
    std::stable_sort(rows_.begin(), rows_.end(), [](const ReputationRow& a, const ReputationRow& b) {
      return std::pair(std::string_view(a.domain), !a.organizational) <
             std::pair(std::string_view(b.domain), !b.organizational);
    });
    rows_.erase(
        std::unique(rows_.begin(), rows_.end(),
                    [](const ReputationRow& a, const ReputationRow& b) { return a.domain == b.domain; }),
        rows_.end());
    return std::move(rows_);
  }

  SqlDatabase& database_;
  const ReputationRules& rules_;
  Verdict::Time now_;
  std::vector<std::string> with_override_;
  std::vector<ReputationRow> rows_;
  std::uint64_t assessed_ = 0;
};

Expected<std::vector<ReputationRow>> read_rows(SqlDatabase& database) {
  std::vector<ReputationRow> rows;
  return read_reputation(database,
                         [&](const ReputationRow& row) {
                           rows.push_back(row);
                           return true;
                         })
      .map([&] { return std::move(rows); });
}

// None when the formula does not know the domain and there is no override.
Expected<std::vector<ReputationRow>> wanted_row_of(SqlDatabase& database, const std::string& domain,
                                                   const ReputationRules& rules, Verdict::Time now) {
  const auto scope = scope_of(database, domain);
  if (!scope) return tl::unexpected(scope.error());
  auto evidence = read_evidence(database, domain, *scope, oldest_day(rules, now));
  if (!evidence) return tl::unexpected(evidence.error());
  const auto override = find_override(database, domain, now);
  if (!override) return tl::unexpected(override.error());
  std::vector<ReputationOverride> overrides;
  if (*override) overrides.push_back(**override);
  return with_overrides({row_of(domain, *scope, std::move(*evidence), rules, now)}, overrides, rules);
}

// Two who compute at once would otherwise take each other's rows in different order.
Expected<void> lock_table(SqlDatabase& database) {
  if (database.dialect() == SqlDialect::sqlite) return {};
  return database.execute("LOCK TABLE reputation IN SHARE ROW EXCLUSIVE MODE");
}

}  // namespace

std::string reason_of(const ReputationAssessment& of, const ReputationRules& rules) {
  if (of.state == Reputation::unknown) return reason_for_unknown(of, rules);
  const std::string complaints = "complaints about " + decimal_number(of.evidence.complaints, 1) + " of " +
                                 decimal_number(of.evidence.messages, 1) + " messages, ";
  const WilsonInterval& rate = of.complaint_rate;
  if (of.state == Reputation::bad) return complaints + "at least " + decimal_percent(rate.lower);
  if (of.state == Reputation::good) return complaints + "at most " + decimal_percent(rate.upper);
  if (rate.upper > rules.good_rate) return complaints + "at most " + decimal_percent(rate.upper);
  return "the number is " + decimal_number(of.number, 2);
}

Expected<ReputationComputation> compute_reputation(SqlDatabase& database, const ReputationRules& rules,
                                                   Verdict::Time now, Writing writing) {
  ReputationComputation computation;
  const auto overrides = read_overrides(database, now);
  if (!overrides) return tl::unexpected(overrides.error());
  Assessor assessor(database, rules, now);
  auto computed = assessor.assess_all(*overrides);
  if (!computed) return tl::unexpected(computed.error());
  computation.assessed = assessor.assessed();

  const auto merge = [&]() -> Expected<void> {
    if (writing != Writing::no) {
      if (auto locked = lock_table(database); !locked) return locked;
    }
    auto former = read_rows(database);
    if (!former) return tl::unexpected(former.error());
    // Read again: somebody may have decided in the meantime.
    auto current = read_overrides(database, now);
    if (!current) return tl::unexpected(current.error());
    const std::vector<ReputationRow> wanted = with_overrides(std::move(*computed), *current, rules);
    computation.changes = changes_between(*former, wanted);
    for (const ReputationRow& row : wanted) ++computation.states[row.state];
    if (writing == Writing::no) return {};
    if (writing == Writing::yes && computation.assessed == 0) computation.lost = lost_rows(*former, wanted);
    if (computation.lost != 0) return {};
    return write_reputation_rows(database, *former, wanted, now);
  };
  return database.transaction(merge).map([&] { return std::move(computation); });
}

Expected<std::optional<ReputationChange>> compute_reputation_of(SqlDatabase& database,
                                                                const std::string& domain,
                                                                const ReputationRules& rules,
                                                                Verdict::Time now) {
  const auto former = find_reputation(database, domain);
  if (!former) return tl::unexpected(former.error());
  std::vector<ReputationRow> old;
  if (*former) old.push_back(**former);
  const auto wanted = wanted_row_of(database, domain, rules, now);
  if (!wanted) return tl::unexpected(wanted.error());
  return write_reputation_rows(database, old, *wanted, now).map([&] {
    const std::vector<ReputationChange> changes = changes_between(old, *wanted);
    return changes.empty() ? std::nullopt : std::optional(changes.front());
  });
}

}  // namespace tecs
