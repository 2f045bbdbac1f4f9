// Text as it stands in a report's HTML and SVG. Nothing comes there but through these two.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// Markup characters and both quotation marks become references, so that the text can be an element's or an
// attribute's; control characters become spaces. UTF-8 else stays as it is: for what the person at the
// keyboard or this program wrote.
[[nodiscard]] std::string html_text(std::string_view text);

// The same for a stranger's octets: printable_text() first, so that nothing turns the line's direction or
// looks like what it is not, and no more of them than a domain name can have.
[[nodiscard]] std::string html_stranger_text(std::string_view octets);

}  // namespace tecs
