#include "tools/reputation_json.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "tools/plain_text.hpp"
#include "verdicts/reputation_assessment.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

using Json = nlohmann::ordered_json;

Json override_json(const ReputationOverride& override) {
  return {{"state", word(override.state)},
          {"note", plain_text(override.note)},
          {"time", encode_field(override.time)},
          {"expires", override.expires ? Json(encode_field(*override.expires)) : Json()}};
}

Json evidence_json(const ReputationFacts& facts) {
  const WeightedEvidence& evidence = facts.assessment.evidence;
  const auto& first = facts.evidence.first_pass;
  return {{"connections", evidence.connections},
          {"messages", evidence.messages},
          {"failures", evidence.failures},
          {"replays", evidence.replays},
          {"complaints", evidence.complaints},
          {"confirmed_complaints", evidence.confirmed_complaints},
          {"destinations", facts.evidence.destinations},
          {"complaint_rate_lower", facts.assessment.complaint_rate.lower},
          {"complaint_rate_upper", facts.assessment.complaint_rate.upper},
          {"first_pass", first ? Json(encode_field(*first)) : Json()},
          {"days_since_first_pass", facts.assessment.age ? Json(facts.assessment.age->count()) : Json()}};
}

Json days_json(const ReputationFacts& facts) {
  Json days = Json::array();
  const auto today = std::chrono::floor<std::chrono::days>(facts.time);
  for (const DailyEvidence& day : facts.evidence.days) {
    days.push_back({{"day", encode_field(Verdict::Time(day.day)).substr(0, 10)},
                    {"weight", weight_of(today - day.day, facts.rules)},
                    {"connections", day.connections},
                    {"messages", day.messages},
                    {"failures", day.failures},
                    {"replays", day.replays},
                    {"complaints", day.complaints},
                    {"complaints_without_verdict", day.complaints_without_verdict}});
  }
  return days;
}

Json outlook_json(const ReputationOutlook& outlook) {
  Json by_time;
  if (const auto& change = outlook.without_evidence) {
    by_time = {{"from", encode_field(Verdict::Time(change->first)).substr(0, 10)},
               {"state", word(change->second)}};
  }
  const auto count = [](const std::optional<std::int64_t>& number) {
    return number ? Json(*number) : Json();
  };
  return {{"without_evidence", by_time},
          {"messages_to_good", count(outlook.messages_to_good)},
          {"complaints_to_bad", count(outlook.complaints_to_bad)}};
}

// RFC 7071 section 3: from 0 to 1, where 1 is that the assertion holds. None of what nobody knows.
std::optional<double> rating_of(const ReputationFacts& facts) {
  if (!facts.override) {
    const bool is_there = facts.evidence.first_pass || !facts.evidence.days.empty();
    return is_there ? std::optional(facts.assessment.number) : std::nullopt;
  }
  switch (facts.override->state) {
    case Reputation::bad:
      return 1;
    case Reputation::medium:
      return 0.5;
    case Reputation::good:
      return 0;
    case Reputation::unknown:
      break;
  }
  return std::nullopt;
}

// The weights are those of the day; a decision may end before.
std::chrono::sys_seconds end_of(const ReputationFacts& facts) {
  const std::chrono::sys_seconds tomorrow =
      std::chrono::floor<std::chrono::days>(facts.time) + std::chrono::days{1};
  if (!facts.override || !facts.override->expires) return tomorrow;
  return std::min(tomorrow, std::chrono::floor<std::chrono::seconds>(*facts.override->expires));
}

}  // namespace

std::string format_reputation_json(const ReputationFacts& facts) {
  const ReputationTerms& terms = facts.assessment.terms;
  const auto kept = [](const std::optional<ReputationRow>& row) {
    return row ? Json(word(row->state)) : Json();
  };
  const Json object{{"domain", facts.domain},
                    {"known", is_known(facts)},
                    {"state", word(state_of(facts))},
                    {"override", facts.override ? override_json(*facts.override) : Json()},
                    {"formula",
                     {{"state", word(facts.assessment.state)},
                      {"reason", reason_of(facts.assessment, facts.rules)},
                      {"number", facts.assessment.number},
                      {"terms",
                       {{"complaints", terms.complaints},
                        {"failures", terms.failures},
                        {"replays", terms.replays},
                        {"youth", terms.youth}}}}},
                    {"organizational", facts.scope == EvidenceScope::organizational_domain},
                    {"evidence", evidence_json(facts)},
                    {"days", days_json(facts)},
                    {"outlook", outlook_json(facts.outlook)},
                    {"kept", kept(facts.kept)},
                    {"organizational_domain", facts.organizational_domain},
                    {"organizational_kept", kept(facts.organizational_kept)}};
  return object.dump();
}

std::string format_reputon(const ReputationFacts& facts, const std::string& rater) {
  Json reputons = Json::array();
  const auto rating = rating_of(facts);
  if (rating) {
    const auto generated = std::chrono::floor<std::chrono::seconds>(facts.time);
    // RFC 7071 section 6.1. The identifier stands in no place of a mail that RFC 7073 has a word for, so none
    // is said.
    Json reputon{{"rater", rater}, {"assertion", "spam"}, {"rated", facts.domain}, {"rating", *rating}};
    if (!facts.override) {
      // How narrow the interval is in which the share of complaints lies. A decision is not by samples.
      const WilsonInterval& rate = facts.assessment.complaint_rate;
      reputon["confidence"] = 1 - (rate.upper - rate.lower);
      reputon["sample-size"] = static_cast<std::uint64_t>(std::llround(facts.assessment.evidence.messages));
    }
    reputon["generated"] = generated.time_since_epoch().count();
    reputon["expires"] = end_of(facts).time_since_epoch().count();
    reputons.push_back(std::move(reputon));
  }
  const Json object{{"application", "email-id"}, {"reputons", reputons}};
  return object.dump();
}

}  // namespace tecs
