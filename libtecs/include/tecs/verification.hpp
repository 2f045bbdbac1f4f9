// What is known after a credential was checked.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "tecs/algorithm.hpp"
#include "tecs/api.hpp"
#include "tecs/domain.hpp"
#include "tecs/error.hpp"
#include "tecs/key_record.hpp"
#include "tecs/reason.hpp"

namespace tecs {

// Plain value. What the credential claims (domain, selector, algorithm) is there as soon as it could be read,
// whatever the result; only with `pass` is it true.
struct TECS_API Verification {
  Result result = Result::none;
  std::optional<Error> error;  // set for every result but pass and none
  std::optional<Domain> domain;
  std::optional<Selector> selector;
  std::optional<Algorithm> algorithm;
  unsigned key_bits = 0;                             // 0: no key was read
  std::shared_ptr<const KeyRecord> key_record;       // that the key is of; null: likewise
  bool dnssec = false;                               // every answer that was used was validated
  bool testing = false;                              // t=y: a result other than pass is to be scored as none
  std::optional<std::chrono::seconds> epoch_offset;  // of the epoch that matched, from the verifier's own
  std::optional<std::size_t> candidate;              // index of the tuple that matched

  // The result, for a person: "pass", or the sentence of the error.
  [[nodiscard]] std::string detail() const;
};

// A verification that ended with this error.
[[nodiscard]] TECS_API Verification failed_verification(Error error);

}  // namespace tecs
