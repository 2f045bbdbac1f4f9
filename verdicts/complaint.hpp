// A complaint about a signed connection: what is remembered of it, and the words for how it was decided.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "verdicts/verdict.hpp"

namespace tecs {

enum class ComplaintStatus : std::uint8_t {
  counted,     // its evidence verified
  duplicate,   // so did that of an earlier one, and this one says no more
  forged,      // its credential is not what the domain's key made for that connection
  unverified,  // nothing here confirms it
  malformed,   // it cannot be read, or contradicts itself
};

// Why a complaint does not count. The words are part of the interface; new ones may be added at the end.
enum class ComplaintReason : std::uint8_t {
  none,                // it counts
  not_arf,             // no feedback report (RFC 5965), or parts of it are missing
  too_large,           // larger than is read here
  bad_field,           // a field of the report cannot be read
  contradiction,       // its fields do not fit each other
  same_complaint,      // about this message of this connection
  message_limit,       // the connection carried no more messages than have been complained of
  signature_mismatch,  // the key fits neither the connection nor the epoch
  no_evidence,         // neither a credential nor the id of a verdict
  unknown_verdict,     // no such verdict in this store
  not_passed,          // the verdict is of a connection for which no domain answers
  other_connection,    // the verdict is about another domain or source than the complaint
  no_message,          // the receiver let no message of that connection pass
  no_key,              // the domain has published none, and none is kept
  key_revoked,         // likewise
  unusable_key,        // a key stands there that cannot verify this credential
  given_up,            // the key could not be fetched for days
  not_a_complaint,     // a report of another kind: that a message is no spam, for example
  too_old,             // the connection is older than is answered for
  evidence_limit,      // too many of that day about that receiver's mail, without a verdict here
};

[[nodiscard]] std::string_view word(ComplaintStatus status) noexcept;
[[nodiscard]] std::string_view word(ComplaintReason reason) noexcept;  // empty for none
// Empty for a word that is none.
[[nodiscard]] std::optional<ComplaintStatus> parse_complaint_status(std::string_view word) noexcept;
[[nodiscard]] std::optional<ComplaintReason> parse_complaint_reason(std::string_view word) noexcept;

// Plain value, a row of the table of complaints. No mail address, and nothing of the message. An empty text
// means "not known".
struct Complaint {
  std::string id;        // complaint_id(), or uncounted_complaint_id()
  Verdict::Time time{};  // when it was decided
  ComplaintStatus status = ComplaintStatus::malformed;
  ComplaintReason reason = ComplaintReason::none;
  std::string detail;                 // a sentence for a person
  std::string verdict;                // id of the stored verdict of that connection
  std::string domain;                 // true if counted or duplicate; else what the complaint claims
  std::string organizational_domain;  // of domain
  std::string selector;
  std::string reporter;       // domain of the one who complains, as he says
  std::string feedback_type;  // RFC 5965 section 7.3, in lower case
  std::string source;         // "192.0.2.7:40213": the client's end
  std::string destination;
  std::optional<std::chrono::sys_seconds> epoch;  // that was signed
  Verdict::Time connection_time{};
  std::string key_source;  // what confirmed it: verdict, kept (a key of this store) or dns

  friend bool operator==(const Complaint&, const Complaint&) = default;
};

// Why it does not count, before it is a row.
struct ComplaintRefusal {
  ComplaintStatus status;
  ComplaintReason reason;
  std::string detail;
};

// What a complaint gives, or why it does not count.
template <typename T>
using Claimed = tl::expected<T, ComplaintRefusal>;

[[nodiscard]] inline tl::unexpected<ComplaintRefusal> refusal(ComplaintStatus status, ComplaintReason reason,
                                                              std::string detail) {
  return tl::unexpected(ComplaintRefusal{status, reason, std::move(detail)});
}
[[nodiscard]] inline tl::unexpected<ComplaintRefusal> malformed(ComplaintReason reason, std::string detail) {
  return refusal(ComplaintStatus::malformed, reason, std::move(detail));
}

// Begins every id of a counted complaint about mail of this domain to this network of receivers on the day of
// the connection (UTC). From domain, destination and epoch.
[[nodiscard]] std::string complaint_day_id(const Complaint& complaint);
// Begins with it, and begins every id of a counted complaint about this connection and of no other. From
// domain, source, destination and epoch.
[[nodiscard]] std::string complaint_connection_id(const Complaint& complaint);
// message: tells the messages of a connection apart. The same complaint, however it is wrapped, has the same
// id.
[[nodiscard]] std::string complaint_id(const Complaint& complaint, std::string_view message);
// Of one that does not count, so that nobody can take a place among those that do. The same mail again has
// the same id.
[[nodiscard]] std::string uncounted_complaint_id(ComplaintStatus status, std::string_view mail_digest);

}  // namespace tecs
