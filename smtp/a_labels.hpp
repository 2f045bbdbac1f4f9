// Names of RFC 6531 as those of DNS: with A-labels (RFC 5890 section 2.3.2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tecs {

// domain: of a mailbox, without NUL. As it came when all of it is ASCII; else converted by the rules of UTS
// 46 (not those of the transition), so that a sharp s is itself. Nothing for what no name can be, octets that
// are no UTF-8 for instance. Never empty but for an empty domain. Thread safe.
[[nodiscard]] std::optional<std::string> with_a_labels(std::string_view domain);

}  // namespace tecs
