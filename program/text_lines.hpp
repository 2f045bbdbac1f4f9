// Files of an administrator that are lists: an entry a line. A '#' at the start of a line or after white
// space begins a comment; empty lines do not count.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/error.hpp"

namespace tecs {

struct TextLine {
  unsigned number;           // from 1
  std::string_view content;  // printable ASCII, blanks and tabs; looks at the text, and is not empty
};

struct TextBounds {
  std::size_t longest_line = 1000;  // comment included
  std::size_t maximum_lines = 100'000;
};

// The lines of text that say something, in their order. name is what errors call the file. Fails with
// bad_option and a sentence that begins "name:line: ": for a line that is too long or one too many, and for
// an octet that is not printable ASCII outside of comments.
[[nodiscard]] Expected<std::vector<TextLine>> text_lines(std::string_view text, const std::string& name,
                                                         const TextBounds& bounds);

// The words of a line, which white space parts.
[[nodiscard]] std::vector<std::string_view> words_of_line(std::string_view content);

// "name:line: sentence", with the reason of error.
[[nodiscard]] tl::unexpected<Error> failure_in_line(const std::string& name, unsigned line,
                                                    const Error& error);

// A whole file. Fails with bad_option, and a sentence that begins with the path, when it cannot be read.
[[nodiscard]] Expected<std::string> read_text(const std::string& path);

}  // namespace tecs
