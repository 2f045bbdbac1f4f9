// A mail taken apart as far as a feedback report needs it: header, and the parts of one multipart, none of
// which is taken apart further. What is nested in the reported message is nobody's business here, and a
// stranger's nesting costs nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace tecs {

// Looks into the text that it was made from.
struct MailText {
  std::string_view header;  // without the empty line
  std::string_view body;
};

// Lines may end with LF or CRLF. All is header when there is no empty line.
[[nodiscard]] MailText split_mail(std::string_view text) noexcept;

// The parts between the delimiter lines (RFC 2046 section 5.1.1), without what stands before the first and
// behind the last; each still with its own header. A part whose end is missing goes to the end of the body.
// Empty when there are more than maximum_parts. boundary: not empty.
[[nodiscard]] std::optional<std::vector<std::string_view>> split_multipart(std::string_view body,
                                                                           std::string_view boundary,
                                                                           std::size_t maximum_parts);

}  // namespace tecs
