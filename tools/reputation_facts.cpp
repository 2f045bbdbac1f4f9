#include "tools/reputation_facts.hpp"

#include <utility>

#include "verdicts/organizational_domain.hpp"

namespace tecs {
namespace {

Expected<void> gather_evidence(SqlDatabase& database, ReputationFacts& facts) {
  const auto today = std::chrono::floor<std::chrono::days>(facts.time);
  return scope_of(database, facts.domain)
      .and_then([&](EvidenceScope scope) {
        facts.scope = scope;
        return read_evidence(database, facts.domain, scope, today - oldest_evidence(facts.rules));
      })
      .map([&](ReputationEvidence evidence) {
        facts.evidence = std::move(evidence);
        facts.assessment = assess(facts.evidence, facts.rules, facts.time);
        facts.outlook = look_ahead(facts.evidence, facts.rules, facts.time);
      });
}

Expected<void> gather_decisions(SqlDatabase& database, ReputationFacts& facts) {
  return find_override(database, facts.domain, facts.time)
      .and_then([&](std::optional<ReputationOverride> override) {
        facts.override = std::move(override);
        return find_reputation(database, facts.domain);
      })
      .and_then([&](std::optional<ReputationRow> kept) {
        facts.kept = std::move(kept);
        if (facts.domain == facts.organizational_domain)
          return Expected<std::optional<ReputationRow>>(std::nullopt);
        return find_reputation(database, facts.organizational_domain);
      })
      .map([&](std::optional<ReputationRow> kept) { facts.organizational_kept = std::move(kept); });
}

}  // namespace

Expected<ReputationFacts> gather_reputation_facts(SqlDatabase& database, const Domain& domain,
                                                  const ReputationRules& rules, Verdict::Time now) {
  const auto suffixes = PublicSuffixList::load();
  if (!suffixes) return tl::unexpected(suffixes.error());
  ReputationFacts facts;
  facts.domain = domain.text();
  facts.organizational_domain = suffixes->organizational_domain(domain.text());
  facts.time = now;
  facts.rules = rules;
  return gather_evidence(database, facts)
      .and_then([&] { return gather_decisions(database, facts); })
      .map([&] { return std::move(facts); });
}

bool is_known(const ReputationFacts& facts) noexcept {
  return facts.evidence.first_pass || !facts.evidence.days.empty() || facts.override || facts.kept;
}

Reputation state_of(const ReputationFacts& facts) noexcept {
  return facts.override ? facts.override->state : facts.assessment.state;
}

}  // namespace tecs
