// The address that connections to servers come from.
#pragma once

#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

enum class SourceChoice {
  mta,          // the one that the MTA connected from, so that a sender with several addresses keeps them
  system,       // the kernel's choice
  transparent,  // the MTA's, although it is another host's: for a gateway (IP_TRANSPARENT, ip(7))
};

[[nodiscard]] std::string_view word(SourceChoice choice) noexcept;
// Fails with bad_option.
[[nodiscard]] Expected<SourceChoice> parse_source_choice(std::string_view text);

}  // namespace tecs
