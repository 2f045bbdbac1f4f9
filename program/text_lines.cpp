#include "program/text_lines.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "program/configuration_line.hpp"

namespace tecs {
namespace {

// Empty for a line that says nothing.
Expected<std::string_view> content_of(std::string_view line, const TextBounds& bounds) {
  if (line.size() > bounds.longest_line) return failure(Reason::bad_option, "a line that is too long");
  const std::string_view content = content_of_line(line);
  if (!std::all_of(content.begin(), content.end(),
                   [](char c) { return c == '\t' || (c >= ' ' && c < 0x7F); })) {
    return failure(Reason::bad_option, "an octet that is not printable ASCII");
  }
  return content;
}

}  // namespace

Expected<std::vector<TextLine>> text_lines(std::string_view text, const std::string& name,
                                           const TextBounds& bounds) {
  std::vector<TextLine> lines;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto content = content_of(text.substr(0, end), bounds);
    if (!content) return failure_in_line(name, number, content.error());
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content->empty()) continue;
    if (lines.size() == bounds.maximum_lines) {
      return failure_in_line(
          name, number,
          {Reason::bad_option, "more than " + std::to_string(bounds.maximum_lines) + " entries"});
    }
    lines.push_back(TextLine{number, *content});
  }
  return lines;
}

std::vector<std::string_view> words_of_line(std::string_view content) {
  std::vector<std::string_view> words;
  for (content = trimmed(content); !content.empty();) {
    const std::size_t end = std::min(content.find_first_of(white_space), content.size());
    words.push_back(content.substr(0, end));
    content = trimmed(content.substr(end));
  }
  return words;
}

tl::unexpected<Error> failure_in_line(const std::string& name, unsigned line, const Error& error) {
  return failure(error.reason, name + ":" + std::to_string(line) + ": " + error.sentence);
}

Expected<std::string> read_text(const std::string& path) {
  errno = 0;
  std::ifstream stream(path);
  const auto refusal = [&path] {
    return failure(Reason::bad_option,
                   path + ": " + std::generic_category().message(errno != 0 ? errno : EIO));
  };
  if (!stream) return refusal();
  std::string text;
  std::array<char, 65'536> part{};
  do {
    stream.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
  } while (stream);
  if (stream.bad()) return refusal();
  return text;
}

}  // namespace tecs
