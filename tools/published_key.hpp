// Whether the key that stands in DNS is the one that made a signature.
#pragma once

#include <chrono>
#include <vector>

#include "tecs/connection_tuple.hpp"
#include "tecs/credential.hpp"
#include "tecs/signer.hpp"
#include "tecs/verification.hpp"
#include "tools/key_name_report.hpp"

namespace tecs {

// Plain value.
struct PublishedKey {
  std::vector<KeyNameReport> names;  // each that a verifier asks for
  Verification verification;         // as a verifier would that saw the same connection at the same time
};

[[nodiscard]] PublishedKey examine_published_key(const Credential& credential, const ConnectionTuple& tuple,
                                                 std::chrono::sys_seconds time, TxtSource& source);

// The same with a signature that is made for this purpose and goes nowhere. Fails when the crypto library
// does.
[[nodiscard]] Expected<PublishedKey> examine_published_key(const Signer& signer,
                                                           std::chrono::sys_seconds time, TxtSource& source);

}  // namespace tecs
