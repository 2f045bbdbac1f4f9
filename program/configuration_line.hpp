// What counts of a line in the files that administrators write: a '#' at its start or after white space
// begins a comment, and white space around the rest does not count.
#pragma once

#include <string_view>

namespace tecs {

inline constexpr std::string_view white_space = " \t\r";

[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

// Without comment and trimmed; empty when nothing is left. A '#' inside a word, as in a URL or a password,
// belongs to the word.
[[nodiscard]] std::string_view content_of_line(std::string_view line) noexcept;

}  // namespace tecs
