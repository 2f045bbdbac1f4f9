// The body of a header field that is made of words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tecs {

// The words with a space between them, or LF and TAB where a line would get longer than 78 octets (RFC 5322
// section 2.1.1). name: of the field, which stands before the first one with a colon and a space.
[[nodiscard]] std::string fold_words(std::string_view name, const std::vector<std::string>& words);

}  // namespace tecs
