// What one AUTH TECS-1 led to: the verification, what it took, and the evidence.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tecs/connection_tuple.hpp"
#include "tecs/epoch.hpp"
#include "tecs/verification.hpp"
#include "verdicts/reputation.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Plain value.
struct Authentication {
  Verification verification;
  std::uint64_t number = 0;  // of AUTH commands, in the order in which they came
  // The connection that was verified: the one that matched, or the only one it can have been.
  std::optional<ConnectionTuple> tuple{};
  std::optional<Epoch> epoch{};                  // of the receiver when it verified
  std::optional<ReputationAnswer> reputation{};  // of the domain; empty: not asked, as without a pass
  std::string credential;                 // base64 as sent, printable, cut where no credential can be longer
  std::chrono::microseconds dns_time{0};  // spent waiting for keys and reputation
  std::chrono::microseconds verification_time{0};  // from credential to result, dns_time not counted
};

// A response as sent, made fit to be kept as evidence.
[[nodiscard]] std::string evidence_of(std::string_view response);

// Writes into the verdict all its fields that come from an AUTH; the others stay.
void describe(const Authentication& authentication, Verdict& verdict);

}  // namespace tecs
