// The seam behind which reputation comes from: a file, a zone in DNS, a table.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tecs/error.hpp"
#include "verdicts/reputation.hpp"

namespace tecs {

// What a source says of a name. Plain value.
struct ReputationFinding {
  // Empty: the source does not know the name. `unknown` is an answer, and ends the search.
  std::optional<Reputation> reputation;
  std::chrono::seconds ttl{0};  // how long this may be kept

  friend bool operator==(const ReputationFinding&, const ReputationFinding&) = default;
};

// Implementations are thread safe: any number of threads may ask at once.
class ReputationSource {
 public:
  ReputationSource() = default;
  ReputationSource(const ReputationSource&) = delete;
  ReputationSource& operator=(const ReputationSource&) = delete;
  virtual ~ReputationSource() = default;

  // domain: in lower case, no final dot; this very name and none above it. May block for the time that is
  // left; with none left, what needs no waiting is answered all the same. An error: the source could not be
  // asked, or what it says makes no sense.
  [[nodiscard]] virtual Expected<ReputationFinding> lookup(const std::string& domain,
                                                           std::chrono::milliseconds time_left) = 0;

  // False: lookup() answers at once and needs no time.
  [[nodiscard]] virtual bool may_wait() const noexcept { return false; }

  // Asks for what every source of its kind must have and must not have. Fails when it is otherwise or cannot
  // be told now. May block for the time that is left.
  [[nodiscard]] virtual Expected<void> check(std::chrono::milliseconds /*time_left*/) { return {}; }
};

}  // namespace tecs
