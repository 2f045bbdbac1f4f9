// What greylisting remembers of a client, and what follows from it. No I/O: the greylist keeps the entries.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "tecs/domain.hpp"
#include "tecs/network.hpp"

namespace tecs {

struct GreylistLimits {
  std::chrono::seconds delay = std::chrono::minutes{5};   // before that a client is told to come again
  std::chrono::seconds window = std::chrono::days{2};     // after that it comes for the first time again
  std::chrono::seconds lifetime = std::chrono::days{35};  // unseen for so long, a known client is forgotten
  std::size_t maximum_entries = 100'000;

  friend bool operator==(const GreylistLimits&, const GreylistLimits&) = default;
};

enum class GreylistAnswer { wait, pass };

// Plain value.
struct GreylistEntry {
  std::chrono::sys_seconds since;    // when the client came for the first time
  std::chrono::sys_seconds expires;  // from then on there is no entry
  bool known;                        // has come again when it was told to

  friend bool operator==(const GreylistEntry&, const GreylistEntry&) = default;
};

struct GreylistStep {
  GreylistAnswer answer;
  GreylistEntry entry;  // what is to be remembered from now on
};

// former: what was remembered of the client, if anything.
[[nodiscard]] GreylistStep greylist_step(const std::optional<GreylistEntry>& former,
                                         std::chrono::sys_seconds now, const GreylistLimits& limits) noexcept;

// Under which name a client is remembered: the domain that answers for the connection, or for the unsigned
// the network it comes from.
[[nodiscard]] std::string greylist_name(const Domain& domain);
[[nodiscard]] std::string greylist_name(const Network& network);

}  // namespace tecs
