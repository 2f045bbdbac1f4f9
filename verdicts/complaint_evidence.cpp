#include "verdicts/complaint_evidence.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "tecs/verifier.hpp"
#include "verdicts/complaint_connection.hpp"
#include "verdicts/kept_key.hpp"

namespace tecs {
namespace {

using ClaimedEvidence = Claimed<ComplaintEvidence>;

struct EpochClaim {
  Epoch epoch;
  int tolerance;
};

// Without an epoch the time at which the message arrived stands for it, which is near it at best.
EpochClaim epoch_of(const ComplaintClaim& claim) {
  if (claim.credential->epoch) return {*claim.credential->epoch, 0};
  return {Epoch::nearest(*claim.arrival_date), 1};
}

Verification verify(const ComplaintClaim& claim, KeySource& keys) {
  const EpochClaim claimed = epoch_of(claim);
  const VerifierOptions options{.epoch_tolerance = claimed.tolerance};
  const Expected<Credential> credential = claim.credential->credential;
  return Verifier(options).verify(credential, {&claim.credential->tuple, 1}, claimed.epoch.time(), keys);
}

Verification verify_with_kept(const ComplaintClaim& claim, const std::string& key_record) {
  KeptKey key(key_record);
  return verify(claim, key);
}

// Empty: it is young enough.
std::optional<ComplaintRefusal> check_age(std::chrono::sys_seconds connection, Verdict::Time oldest) {
  if (Verdict::Time(connection) >= oldest) return std::nullopt;
  return ComplaintRefusal{ComplaintStatus::unverified, ComplaintReason::too_old,
                          "the connection is older than is answered for"};
}

ComplaintRefusal refusal_of(const Error& error) {
  switch (error.reason) {
    case Reason::signature_mismatch:
      return {ComplaintStatus::forged, ComplaintReason::signature_mismatch,
              "the credential is not one of this domain for this connection and epoch"};
    case Reason::no_key:
      return {ComplaintStatus::unverified, ComplaintReason::no_key, error.sentence};
    case Reason::key_revoked:
      return {ComplaintStatus::unverified, ComplaintReason::key_revoked, error.sentence};
    default:
      return {ComplaintStatus::unverified, ComplaintReason::unusable_key, error.sentence};
  }
}

bool can_pass(const Error& error) noexcept {
  return result_of(error.reason) == Result::temperror;
}

ComplaintEvidence evidence_of(const ConnectionVerdict& verdict, std::string key_source) {
  return {.domain = verdict.domain,
          .selector = verdict.selector,
          .source = verdict.client,
          .destination = verdict.server,
          .epoch = verdict.epoch,
          .connection_time = verdict.time,
          .verdict = verdict.id,
          .messages = verdict.messages,
          .key_source = std::move(key_source)};
}

// What verified, and what the store knows of that connection besides.
Expected<ClaimedEvidence> evidence_of(const ComplaintClaim& claim, const Verification& verification,
                                      std::string key_source, SqlDatabase& database) {
  const TecsCredentialField& field = *claim.credential;
  const Epoch epoch =
      Epoch::nearest(epoch_of(claim).epoch.time() + verification.epoch_offset.value_or(Epoch::step * 0));
  auto verdict = find_connection(database, field.credential.domain.text(), field.tuple,
                                 {.first = epoch.time(), .last = epoch.time()});
  if (!verdict) return tl::unexpected(verdict.error());
  if (*verdict) return ClaimedEvidence(evidence_of(**verdict, std::move(key_source)));
  return ClaimedEvidence(ComplaintEvidence{
      .domain = field.credential.domain.text(),
      .selector = field.credential.selector ? field.credential.selector->text() : std::string(),
      .source = field.tuple.source().format(),
      .destination = field.tuple.destination().format(),
      .epoch = epoch.time(),
      .connection_time = Verdict::Time(epoch.time()),
      .verdict = {},
      .key_source = std::move(key_source)});
}

// RFC 4343: names of hosts are compared without case. A receiver's name may be no domain.
bool is_same_host(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

// The verdict is about what the complaint says, and the domain answered for that connection.
Claimed<void> check_verdict(const ComplaintClaim& claim, const ConnectionVerdict& verdict) {
  const auto other = [](std::string sentence) {
    return refusal(ComplaintStatus::unverified, ComplaintReason::other_connection, std::move(sentence));
  };
  if (verdict.result != word(Result::pass))
    return refusal(ComplaintStatus::unverified, ComplaintReason::not_passed,
                   "no domain answers for the connection of that verdict");
  if (!claim.verdict->receiver.empty() && !is_same_host(claim.verdict->receiver, verdict.receiver))
    return other("the verdict is of another receiver than the complaint says");
  const auto domain = Domain::parse(verdict.domain);
  if (!domain || !claim.fits_domain(*domain))
    return other("the verdict is about another domain than the complaint");
  const auto source = Endpoint::parse(verdict.client);
  if (!source || !claim.fits_source(*source))
    return other("the verdict is about another source than the complaint");
  if (!claim.credential) return {};
  if (claim.credential->credential.domain != *domain)
    return other("the verdict is about another domain than the credential");
  if (claim.credential->tuple.source() != *source)
    return other("the verdict is about another source than the credential");
  return {};
}

// The key with which the connection itself passed, if its verdict is here: no other verdict can say as much.
Expected<std::string> find_own_key(const ComplaintClaim& claim, SqlDatabase& database) {
  const EpochClaim claimed = epoch_of(claim);
  const TecsCredentialField& field = *claim.credential;
  const auto verdict = find_connection(database, field.credential.domain.text(), field.tuple,
                                       {.first = claimed.epoch.moved(-claimed.tolerance).time(),
                                        .last = claimed.epoch.moved(claimed.tolerance).time()});
  if (!verdict) return tl::unexpected(verdict.error());
  return *verdict ? (*verdict)->key_record : std::string();
}

// Whoever signs can change his key with each connection, so kept keys that do not fit say nothing against a
// complaint: the key in DNS has the last word.
//
// What is signed is the connection and the epoch, not the name in d= (PROTOCOL section 4). Domains that
// publish one key, such as customers of one provider, therefore answer for each other's connections, and this
// cannot tell them apart.
Expected<ClaimedEvidence> verify_credential(const ComplaintClaim& claim, SqlDatabase& database,
                                            TxtSource& source) {
  auto own = find_own_key(claim, database);
  if (!own) return tl::unexpected(own.error());
  auto keys = find_kept_keys(database, claim.credential->credential, epoch_of(claim).epoch);
  if (!keys) return tl::unexpected(keys.error());
  std::erase(*keys, *own);
  if (!own->empty()) keys->insert(keys->begin(), *std::move(own));
  for (const std::string& key : *keys) {
    const Verification verification = verify_with_kept(claim, key);
    if (verification.result == Result::pass) return evidence_of(claim, verification, "kept", database);
  }
  TxtKeySource published(source, KeyLimits{});
  const Verification verification = verify(claim, published);
  if (verification.result == Result::pass) return evidence_of(claim, verification, "dns", database);
  if (can_pass(*verification.error)) return tl::unexpected(*verification.error);
  return ClaimedEvidence(tl::unexpected(refusal_of(*verification.error)));
}

// The receiver verified then. Empty: a credential is enclosed that the verdict's key did not make.
Claimed<std::optional<ComplaintEvidence>> verify_with_verdict(const ComplaintClaim& claim,
                                                              const ConnectionVerdict& verdict,
                                                              Verdict::Time oldest) {
  if (const auto checked = check_verdict(claim, verdict); !checked) return tl::unexpected(checked.error());
  if (auto refused = check_age(verdict.epoch, oldest)) return tl::unexpected(*std::move(refused));
  ComplaintEvidence evidence = evidence_of(verdict, "verdict");
  if (!claim.credential || verdict.key_record.empty()) {
    // Whoever has read an id somewhere can make up any number of messages.
    evidence.messages = std::min<std::uint64_t>(evidence.messages, 1);
    return evidence;
  }
  if (verify_with_kept(claim, verdict.key_record).result != Result::pass)
    return std::optional<ComplaintEvidence>();
  return evidence;
}

}  // namespace

Expected<ClaimedEvidence> verify_evidence(const ComplaintClaim& claim, SqlDatabase& database,
                                          TxtSource& source, Verdict::Time oldest) {
  if (claim.credential) {
    if (auto refused = check_age(epoch_of(claim).epoch.time(), oldest))
      return ClaimedEvidence(tl::unexpected(*std::move(refused)));
  }
  if (claim.verdict) {
    const auto verdict = find_connection_by_id(database, claim.verdict->id);
    if (!verdict) return tl::unexpected(verdict.error());
    if (*verdict) {
      auto evidence = verify_with_verdict(claim, **verdict, oldest);
      if (!evidence) return ClaimedEvidence(tl::unexpected(evidence.error()));
      if (*evidence) return ClaimedEvidence(**std::move(evidence));
    }
  }
  if (claim.credential) return verify_credential(claim, database, source);
  return ClaimedEvidence(refusal(ComplaintStatus::unverified, ComplaintReason::unknown_verdict,
                                 "this store has no verdict of that id"));
}

}  // namespace tecs
