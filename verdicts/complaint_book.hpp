// The table of complaints.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "verdicts/complaint.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// Every condition that is set must hold.
struct ComplaintQuery {
  std::optional<std::string> domain{};  // in lower case
  std::optional<ComplaintStatus> status{};
  std::optional<Verdict::Time> since{};  // decided at this time or later
  std::optional<Verdict::Time> until{};  // before this time
};

// A complaint whose evidence verified, before it is known whether it is the first of its kind.
struct VerifiedComplaint {
  Complaint complaint;
  std::string message;         // tells the messages of the connection apart
  std::uint64_t messages = 1;  // that the connection carried
  // The most that count of those that have no verdict, of one domain, network of receivers and day. Whoever
  // holds credentials of a domain, from retries or from a log, could else invent the mail to go with them.
  std::uint64_t without_verdict = 10;
};

// All fail as SqlDatabase does.

// Inside of a transaction of the caller. Counts the complaint, or keeps it apart as a duplicate, and returns
// what was written. Others that count complaints of the domain for that receiver and day wait for the end of
// the transaction.
[[nodiscard]] Expected<Complaint> count_complaint(SqlDatabase& database, const VerifiedComplaint& verified,
                                                  const std::string& mail_digest);

// One whose id is there already is passed over.
[[nodiscard]] Expected<void> write_complaint(SqlDatabase& database, const Complaint& complaint);

// Newest first, those of one millisecond by their id; stops early when visit returns false. visit must not
// use this database.
[[nodiscard]] Expected<void> select_complaints(SqlDatabase& database, const ComplaintQuery& query,
                                               const std::function<bool(const Complaint&)>& visit);

}  // namespace tecs
