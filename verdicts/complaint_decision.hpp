// Decides what becomes of a complaint: a mail in, a row of the table of complaints out.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tecs/key_source.hpp"
#include "verdicts/arf_message.hpp"
#include "verdicts/complaint_book.hpp"
#include "verdicts/organizational_domain.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// What bounds the harm that old or stolen credentials can do to the domain that made them.
struct ComplaintLimits {
  std::chrono::milliseconds maximum_age =
      std::chrono::days{30};           // of the connection, when the complaint came
  std::uint64_t without_verdict = 10;  // as in VerifiedComplaint
};

// What a decision asks. All that is referred to must outlive it. The database belongs to one thread, the
// others may be shared.
struct ComplaintContext {
  SqlDatabase& database;
  TxtSource& source;
  const PublicSuffixList& suffixes;
  std::size_t maximum_octets = ArfMessage::maximum_octets;
  ComplaintLimits limits{};
};

// A complaint that was looked at. Its status is counted when its evidence verified, which still leaves that
// it may be a duplicate.
struct ComplaintFinding {
  VerifiedComplaint verified;
  std::string mail_digest;  // tells this mail from every other
};

// Reads, and asks DNS if need be; writes nothing. The error is one that can pass: dns_timeout, dns_error, or
// what the database fails with.
[[nodiscard]] Expected<ComplaintFinding> examine_complaint(std::string_view mail, Verdict::Time now,
                                                           const ComplaintContext& context);

// For a mail about which nothing could be found out for too long.
[[nodiscard]] ComplaintFinding give_up_complaint(std::string_view mail, Verdict::Time now,
                                                 const ComplaintContext& context, std::string_view sentence);

// For a mail with which the store fails each time. Nothing of it is in the row.
[[nodiscard]] ComplaintFinding drop_complaint(std::string_view mail, Verdict::Time now);

// Inside of a transaction of the caller. Returns what was written; fails as SqlDatabase does.
[[nodiscard]] Expected<Complaint> settle_complaint(SqlDatabase& database, const ComplaintFinding& finding);

// The first and the last, with a transaction of its own.
[[nodiscard]] Expected<Complaint> decide_complaint(std::string_view mail, Verdict::Time now,
                                                   const ComplaintContext& context);

}  // namespace tecs
