#include "verdicts/arf_fields.hpp"

#include <algorithm>

namespace tecs {
namespace {

constexpr std::string_view white_space = " \t";

std::string_view trimmed(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  return text.substr(0, text.find_last_not_of(white_space) + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& character : lower) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  return lower;
}

// Takes the first line off the text, without its LF or CRLF.
std::string_view next_line(std::string_view& text) noexcept {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// RFC 5322 section 2.2: printable ASCII without a colon.
bool is_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char character) {
    return character > 0x20 && character < 0x7f && character != ':';
  });
}

// Octets beyond ASCII are let pass: fields that nobody here reads may hold them (RFC 6532).
bool is_value(std::string_view value) noexcept {
  return std::none_of(value.begin(), value.end(), [](char character) {
    const auto octet = static_cast<unsigned char>(character);
    return (octet < 0x20 && octet != '\t') || octet == 0x7f;
  });
}

}  // namespace

Claimed<ArfFields> ArfFields::parse(std::string_view text) {
  if (text.size() > maximum_octets)
    return malformed(ComplaintReason::too_large, "the feedback report is longer than 64 KiB");
  ArfFields fields;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (trimmed(line).empty()) {
      if (fields.fields_.empty()) continue;  // a mail system may have put one before the first field
      break;
    }
    if (!is_value(line))
      return malformed(ComplaintReason::bad_field, "the feedback report holds control characters");
    // RFC 5322 section 2.2.3: a line that begins with white space goes on with the field before.
    if (white_space.find(line.front()) != std::string_view::npos) {
      if (fields.fields_.empty())
        return malformed(ComplaintReason::bad_field, "the feedback report begins with a folded line");
      fields.fields_.back().value.append(" ").append(trimmed(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    const std::string_view name = trimmed(line.substr(0, colon));
    if (colon == std::string_view::npos || !is_name(name))
      return malformed(ComplaintReason::bad_field, "a line of the feedback report is no field");
    if (fields.fields_.size() == maximum_fields)
      return malformed(ComplaintReason::too_large, "the feedback report has more than 256 fields");
    fields.fields_.push_back({lower_case(name), std::string(trimmed(line.substr(colon + 1)))});
  }
  return fields;
}

std::vector<std::string_view> ArfFields::all(std::string_view name) const {
  const std::string wanted = lower_case(name);
  std::vector<std::string_view> values;
  for (const Field& field : fields_) {
    if (field.name == wanted) values.emplace_back(field.value);
  }
  return values;
}

Claimed<std::string_view> ArfFields::only(std::string_view name) const {
  const auto values = all(name);
  if (values.size() > 1)
    return malformed(ComplaintReason::contradiction,
                     "the feedback report has more than one " + std::string(name));
  return values.empty() ? std::string_view() : values.front();
}

}  // namespace tecs
