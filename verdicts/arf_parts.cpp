#include "verdicts/arf_parts.hpp"

namespace tecs {
namespace {

enum class Line { text, delimiter, close_delimiter };

Line kind_of(std::string_view line, std::string_view boundary) noexcept {
  if (!line.starts_with("--") || line.substr(2, boundary.size()) != boundary) return Line::text;
  line.remove_prefix(2 + boundary.size());
  const bool close = line.starts_with("--");
  if (close) line.remove_prefix(2);
  // RFC 2046 section 5.1.1: white space may follow, put there by a mail system on the way.
  if (line.find_first_not_of(" \t\r") != std::string_view::npos) return Line::text;
  return close ? Line::close_delimiter : Line::delimiter;
}

// The line break before a delimiter belongs to the delimiter.
std::string_view without_line_break(std::string_view part) noexcept {
  if (part.ends_with('\n')) part.remove_suffix(1);
  if (part.ends_with('\r')) part.remove_suffix(1);
  return part;
}

}  // namespace

MailText split_mail(std::string_view text) noexcept {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    const std::string_view line = text.substr(start, end == std::string_view::npos ? end : end - start);
    if (line.empty() || line == "\r")
      return {text.substr(0, start), end == std::string_view::npos ? "" : text.substr(end + 1)};
    if (end == std::string_view::npos) break;
    start = end + 1;
  }
  return {text, ""};
}

std::optional<std::vector<std::string_view>> split_multipart(std::string_view body, std::string_view boundary,
                                                             std::size_t maximum_parts) {
  std::vector<std::string_view> parts;
  std::optional<std::size_t> begin;  // of the part under way
  for (std::size_t start = 0; start < body.size();) {
    const std::size_t end = body.find('\n', start);
    const std::size_t next = end == std::string_view::npos ? body.size() : end + 1;
    const Line kind =
        kind_of(body.substr(start, (end == std::string_view::npos ? next : end) - start), boundary);
    if (kind != Line::text) {
      if (begin) parts.push_back(without_line_break(body.substr(*begin, start - *begin)));
      if (parts.size() > maximum_parts) return std::nullopt;
      begin = next;
      if (kind == Line::close_delimiter) return parts;
    }
    start = next;
  }
  if (begin) parts.push_back(body.substr(*begin));
  if (parts.size() > maximum_parts) return std::nullopt;
  return parts;
}

}  // namespace tecs
