// Names of hosts as an administrator writes them (RFC 1123 section 2.1).
#pragma once

#include <string>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// In lower case. One label is enough: the resolver may know it. Fails with bad_option, also for what looks
// like an address: a last label of digits.
[[nodiscard]] Expected<std::string> parse_host_name(std::string_view text);

}  // namespace tecs
