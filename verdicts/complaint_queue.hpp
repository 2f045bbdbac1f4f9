// Complaints that wait to be decided, in a table that any number of workers share.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "verdicts/complaint_decision.hpp"

namespace tecs {

struct ComplaintQueueOptions {
  std::chrono::milliseconds first_retry = std::chrono::minutes{15};  // three times as long with each try
  std::chrono::milliseconds longest_retry = std::chrono::days{1};
  // A mail that was tried so often, or is so old when it is tried, is given up, as unverified.
  std::int64_t maximum_attempts = 10;
  std::chrono::milliseconds patience = std::chrono::days{5};
};

// What became of one try.
struct QueuedDecision {
  enum class Step : std::uint8_t {
    decided,
    postponed,  // nothing can be said now
    taken,      // another worker was faster
    none,       // no mail is due
  };
  Step step = Step::none;
  Complaint complaint{};   // if decided
  std::string sentence{};  // if postponed: why
};

// All fail as SqlDatabase does.

// A mail that waits already, octet for octet, is not stored twice.
[[nodiscard]] Expected<void> queue_complaint(SqlDatabase& database, std::string_view mail, Verdict::Time now);

// Takes a mail that was never tried, or else that which is due first, and decides it. What is written of it
// and its leaving the queue are one transaction: a worker that dies in the middle leaves the mail to the
// next. On PostgreSQL a mail that somebody works on is locked and passed over. On SQLite all writers would
// wait for DNS then; so several may look at one mail, and the first one's decision counts. worker: numbered
// from 0, so that the threads of one program begin with different mails there.
[[nodiscard]] Expected<QueuedDecision> decide_queued_complaint(const ComplaintContext& context,
                                                               Verdict::Time now,
                                                               const ComplaintQueueOptions& options,
                                                               unsigned worker);

// How many wait, due or not.
[[nodiscard]] Expected<std::uint64_t> count_queued_complaints(SqlDatabase& database);

}  // namespace tecs
