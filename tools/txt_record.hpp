// A TXT record in master-file form (RFC 1035 section 5.1), ready to be pasted into a zone.
#pragma once

#include <string>
#include <string_view>

#include "tecs/domain.hpp"
#include "tecs/signing_key.hpp"
#include "tools/environment.hpp"

namespace tecs {

// name: absolute, without the final dot. The text is cut into strings of at most 255 octets (RFC 1035
// section 3.3), which a reader of the record joins again. One line with its line break.
[[nodiscard]] std::string format_txt_record(std::string_view name, std::string_view text);

// The record under which a verifier looks first for this key.
[[nodiscard]] std::string format_key_txt_record(const SigningKey& key, const Domain& domain,
                                                const std::optional<Selector>& selector);

}  // namespace tecs
