#include "tools/reputation_explanation.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include "program/duration.hpp"
#include "tools/aligned_lines.hpp"
#include "tools/plain_text.hpp"
#include "verdicts/decimal_number.hpp"
#include "verdicts/reputation_assessment.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

constexpr int figure_digits = 1;
constexpr int term_digits = 4;

std::string figure(double number) {
  return decimal_number(number, figure_digits);
}

std::string term(double number) {
  return decimal_number(number, term_digits);
}

std::string date(Verdict::Time time) {
  return encode_field(time).substr(0, std::string_view("2026-01-31").size());
}

void print_state(const ReputationFacts& facts, AlignedLines& lines) {
  lines.print("domain", facts.domain);
  lines.print("state", word(state_of(facts)));
  if (facts.override) {
    lines.print("by hand", plain_text(facts.override->note) + " (" + date(facts.override->time) + ")");
    lines.print("until", facts.override->expires ? encode_field(*facts.override->expires) : "unset");
    lines.print("formula", word(facts.assessment.state));
  }
  lines.print("why", reason_of(facts.assessment, facts.rules));
  lines.print("number", term(facts.assessment.number) + ", from 0 (best) to 1 (worst)");
}

void print_evidence(const ReputationFacts& facts, AlignedLines& lines, std::ostream& out) {
  const WeightedEvidence& evidence = facts.assessment.evidence;
  out << "\nEvidence" << (facts.scope == EvidenceScope::organizational_domain ? " of all its domains" : "")
      << ", each day's counts by their weight, which halves every " << format_duration(facts.rules.half_life)
      << ":\n";
  lines.print("  passed",
              figure(evidence.connections) + " connections with " + figure(evidence.messages) + " messages");
  lines.print("  failed", figure(evidence.failures) + " connections");
  lines.print("  replayed", figure(evidence.replays) + " connections");
  lines.print("  complaints", figure(evidence.complaints) + ", a share of " +
                                  decimal_percent(facts.assessment.complaint_rate.lower) + " to " +
                                  decimal_percent(facts.assessment.complaint_rate.upper) +
                                  " of all messages (at 95 %)");
  if (evidence.complaints > evidence.messages)
    lines.print("  volume", "fewer messages than complaints: the store lacks verdicts of who complains");
  if (evidence.confirmed_complaints < evidence.complaints) {
    lines.print("  unsure", figure(evidence.complaints - evidence.confirmed_complaints) +
                                " complaints count for the higher share only: no verdict here, and mail to " +
                                std::to_string(facts.evidence.destinations) + " of " +
                                std::to_string(facts.rules.minimum_destinations) + " networks");
  }
  lines.print("  first pass", facts.evidence.first_pass
                                  ? date(*facts.evidence.first_pass) + ", " +
                                        std::to_string(facts.assessment.age->count()) + " days ago"
                                  : "never");
}

std::string share_of(double part, double rest) {
  return figure(part) + " of " + figure(part + rest) + " connections";
}

void print_terms(const ReputationFacts& facts, AlignedLines& lines, std::ostream& out) {
  const ReputationTerms& terms = facts.assessment.terms;
  const WeightedEvidence& evidence = facts.assessment.evidence;
  const ReputationRules& rules = facts.rules;
  out << "\nTerms of the number:\n";
  lines.print("  complaints", term(terms.complaints) + "  " +
                                  decimal_percent(facts.assessment.complaint_rate.lower) + " of " +
                                  decimal_percent(rules.bad_rate) + ", the bad rate; at most 1");
  lines.print("  failures", term(terms.failures) + "  " + share_of(evidence.failures, evidence.connections) +
                                ", times " + term(rules.failures_weight));
  lines.print("  replays", term(terms.replays) + "  " + share_of(evidence.replays, evidence.connections) +
                               ", times " + term(rules.replays_weight));
  const std::string full = " of " + format_duration(rules.full_age) + " are still to pass, times ";
  const double days_left =
      std::max(0.0, std::chrono::duration<double, std::chrono::days::period>(rules.full_age).count() -
                        static_cast<double>(facts.assessment.age.value_or(std::chrono::days{0}).count()));
  lines.print("  youth",
              term(terms.youth) + "  " + figure(days_left) + "d" + full + term(rules.youth_weight));
}

void print_outlook(const ReputationFacts& facts, std::ostream& out) {
  const ReputationOutlook& outlook = facts.outlook;
  out << "\nWhat would change " << (facts.override ? "what the formula says" : "it") << ":\n";
  if (outlook.without_evidence) {
    out << "  nothing more: " << word(outlook.without_evidence->second) << " from "
        << date(outlook.without_evidence->first) << " on\n";
  }
  if (outlook.messages_to_good)
    out << "  " << *outlook.messages_to_good << " more messages now, and no complaint: good\n";
  if (outlook.complaints_to_bad) out << "  " << *outlook.complaints_to_bad << " more complaints now: bad\n";
  if (outlook == ReputationOutlook{}) out << "  neither time nor mail\n";
}

// Receivers see what `compute` left, and go on to the organizational domain where that is nothing.
void print_answer(const ReputationFacts& facts, std::ostream& out) {
  const Reputation kept = facts.kept ? facts.kept->state : Reputation::unknown;
  out << "\nThe table 'reputation' says " << (facts.kept ? word(kept) : "nothing of it");
  if (!facts.kept && facts.organizational_kept) {
    out << "; receivers take what it says of " << facts.organizational_domain << ": "
        << word(facts.organizational_kept->state);
  }
  out << ".\n";
  if (kept != state_of(facts)) out << "'tecs reputation compute' will change that.\n";
}

}  // namespace

void print_reputation(const ReputationFacts& facts, std::ostream& out) {
  AlignedLines lines(out);
  if (!is_known(facts)) {
    out << "Nothing is known of " << facts.domain << ": no connection of it passed, nobody complained.\n";
    if (facts.organizational_kept) {
      out << "Receivers take what is known of " << facts.organizational_domain << ": "
          << word(facts.organizational_kept->state) << ".\n";
    }
    return;
  }
  print_state(facts, lines);
  print_evidence(facts, lines, out);
  print_terms(facts, lines, out);
  print_outlook(facts, out);
  print_answer(facts, out);
}

}  // namespace tecs
