// The evidence of a complaint, verified again: the credential with the key as this store has kept it or as it
// stands in DNS now, and the verdict that the complaint names.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tecs/key_source.hpp"
#include "verdicts/complaint.hpp"
#include "verdicts/complaint_claim.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

// Plain value: the connection that is complained of, as it is known to have been.
struct ComplaintEvidence {
  std::string domain;
  std::string selector;
  std::string source;
  std::string destination;
  std::chrono::sys_seconds epoch{};
  Verdict::Time connection_time{};
  std::string verdict;         // id; empty: this store has no verdict on the connection
  std::uint64_t messages = 1;  // the most complaints that count: as many as it carried, or 1
  std::string key_source;      // verdict, kept or dns
};

// A key inside the complaint is never believed. The keys that may fit are those of the verdict that it names,
// of the connection's own verdict, of other passes near that time, and what is in DNS now; forged is only
// what none of them fits. The outer error means that nothing can be said now: dns_timeout or dns_error, or
// what the database fails with. The source is asked only if no kept key decides. Connections before oldest
// are not answered for: credentials for them may have gone through many hands.
[[nodiscard]] Expected<Claimed<ComplaintEvidence>> verify_evidence(const ComplaintClaim& claim,
                                                                   SqlDatabase& database, TxtSource& source,
                                                                   Verdict::Time oldest);

}  // namespace tecs
