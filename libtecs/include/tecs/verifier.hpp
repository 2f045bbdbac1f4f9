// Decides whether a credential signs one of some connections, now (PROTOCOL sections 3 to 5).
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "tecs/api.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/credential.hpp"
#include "tecs/key_source.hpp"
#include "tecs/verification.hpp"

namespace tecs {

struct VerifierOptions {
  int epoch_tolerance = 1;           // steps of 30 seconds, each way; 0 to maximum_epoch_tolerance
  unsigned minimum_rsa_bits = 1024;  // below, if the signature is right: policy, key_too_short
  bool require_dnssec = false;       // else: policy, no_dnssec
  // An Ed25519 check costs some 100 us for each tuple and epoch; a client that opens many connections must
  // not buy more than this many with one credential.
  std::size_t maximum_ed25519_checks = 64;

  static constexpr int maximum_epoch_tolerance = 20;
};

// Immutable; any number of threads may verify at once. Holds no clock and no source: both are given with each
// call.
class TECS_API Verifier {
 public:
  explicit Verifier(const VerifierOptions& options) noexcept : options_(options) {}

  // candidates: the connections that the credential may belong to, most likely first. The source is asked
  // only when the credential can be read; it must honour its own time limits. With no candidate the result is
  // temperror, unknown_connection.
  [[nodiscard]] Verification verify(const Expected<Credential>& credential,
                                    std::span<const ConnectionTuple> candidates, std::chrono::sys_seconds now,
                                    KeySource& keys) const;

 private:
  VerifierOptions options_;
};

}  // namespace tecs
