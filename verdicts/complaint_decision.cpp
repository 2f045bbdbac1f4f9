#include "verdicts/complaint_decision.hpp"

#include <utility>

#include "tecs/digest.hpp"
#include "verdicts/complaint_claim.hpp"
#include "verdicts/complaint_evidence.hpp"

namespace tecs {
namespace {

ComplaintFinding new_finding(std::string_view mail, Verdict::Time now) {
  ComplaintFinding finding;
  finding.verified.complaint.time = now;
  finding.mail_digest = std::string(text_of(sha256(octets_of(mail))));
  return finding;
}

void set_domain(Complaint& complaint, const std::string& domain, const ComplaintContext& context) {
  complaint.domain = domain;
  complaint.organizational_domain = context.suffixes.organizational_domain(domain);
}

// What it says, for people: true only if it verifies.
void set_claim(ComplaintFinding& finding, const ComplaintClaim& claim, const ComplaintContext& context) {
  Complaint& complaint = finding.verified.complaint;
  finding.verified.message = claim.message;
  complaint.feedback_type = claim.feedback_type;
  complaint.reporter = claim.reporter;
  if (!claim.credential) {
    if (!claim.reported_domains.empty())
      set_domain(complaint, claim.reported_domains.front().text(), context);
    return;
  }
  const TecsCredentialField& field = *claim.credential;
  set_domain(complaint, field.credential.domain.text(), context);
  if (field.credential.selector) complaint.selector = field.credential.selector->text();
  complaint.source = field.tuple.source().format();
  complaint.destination = field.tuple.destination().format();
  if (field.epoch) complaint.epoch = field.epoch->time();
}

void set_evidence(ComplaintFinding& finding, const ComplaintEvidence& evidence,
                  const ComplaintContext& context) {
  Complaint& complaint = finding.verified.complaint;
  finding.verified.messages = evidence.messages;
  complaint.status = ComplaintStatus::counted;
  set_domain(complaint, evidence.domain, context);
  complaint.selector = evidence.selector;
  complaint.source = evidence.source;
  complaint.destination = evidence.destination;
  complaint.epoch = evidence.epoch;
  complaint.connection_time = evidence.connection_time;
  complaint.verdict = evidence.verdict;
  complaint.key_source = evidence.key_source;
}

void set_refusal(ComplaintFinding& finding, const ComplaintRefusal& refusal) {
  Complaint& complaint = finding.verified.complaint;
  complaint.status = refusal.status;
  complaint.reason = refusal.reason;
  complaint.detail = refusal.detail;
  complaint.id = uncounted_complaint_id(refusal.status, finding.mail_digest);
}

Claimed<ComplaintClaim> claim_of(std::string_view mail, Verdict::Time now, const ComplaintContext& context) {
  const auto message = parse_arf(mail, context.maximum_octets);
  if (!message) return tl::unexpected(message.error());
  return read_claim(*message, std::chrono::floor<std::chrono::seconds>(now));
}

}  // namespace

Expected<ComplaintFinding> examine_complaint(std::string_view mail, Verdict::Time now,
                                             const ComplaintContext& context) {
  ComplaintFinding finding = new_finding(mail, now);
  const auto claim = claim_of(mail, now, context);
  if (!claim) {
    set_refusal(finding, claim.error());
    return finding;
  }
  set_claim(finding, *claim, context);
  finding.verified.without_verdict = context.limits.without_verdict;
  const auto evidence =
      verify_evidence(*claim, context.database, context.source, now - context.limits.maximum_age);
  if (!evidence) return tl::unexpected(evidence.error());
  if (*evidence) {
    set_evidence(finding, **evidence, context);
  } else {
    set_refusal(finding, evidence->error());
  }
  return finding;
}

ComplaintFinding give_up_complaint(std::string_view mail, Verdict::Time now, const ComplaintContext& context,
                                   std::string_view sentence) {
  ComplaintFinding finding = new_finding(mail, now);
  if (const auto claim = claim_of(mail, now, context)) set_claim(finding, *claim, context);
  set_refusal(finding, {ComplaintStatus::unverified, ComplaintReason::given_up,
                        "given up after many tries: " + std::string(sentence)});
  return finding;
}

ComplaintFinding drop_complaint(std::string_view mail, Verdict::Time now) {
  ComplaintFinding finding = new_finding(mail, now);
  set_refusal(finding, {ComplaintStatus::unverified, ComplaintReason::given_up,
                        "given up after many tries: the store failed with it each time"});
  return finding;
}

Expected<Complaint> settle_complaint(SqlDatabase& database, const ComplaintFinding& finding) {
  const Complaint& complaint = finding.verified.complaint;
  if (complaint.status == ComplaintStatus::counted)
    return count_complaint(database, finding.verified, finding.mail_digest);
  return write_complaint(database, complaint).map([&] { return complaint; });
}

Expected<Complaint> decide_complaint(std::string_view mail, Verdict::Time now,
                                     const ComplaintContext& context) {
  const auto finding = examine_complaint(mail, now, context);
  if (!finding) return tl::unexpected(finding.error());
  Complaint settled;
  const auto written = context.database.transaction([&]() -> Expected<void> {
    auto complaint = settle_complaint(context.database, *finding);
    if (!complaint) return tl::unexpected(complaint.error());
    settled = *std::move(complaint);
    return {};
  });
  if (!written) return tl::unexpected(written.error());
  return settled;
}

}  // namespace tecs
