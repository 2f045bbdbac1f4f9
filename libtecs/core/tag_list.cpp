#include "tecs/tag_list.hpp"

#include <algorithm>

namespace tecs {
namespace {

constexpr std::string_view white_space = " \t\r\n";

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

// FWS of RFC 6376 section 2.8: a line break is CRLF and white space follows it.
bool octets_allowed(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= ' ' && c <= '~') continue;
    if (c == '\r') {
      const std::string_view rest = text.substr(i);
      if (rest.size() < 3 || rest[1] != '\n' || (rest[2] != ' ' && rest[2] != '\t')) return false;
      i += 2;
    } else if (c != '\t') {
      return false;
    }
  }
  return true;
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// tag-name of RFC 6376 section 3.2.
bool is_tag_name(std::string_view name) noexcept {
  return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

// Sorted first, as a stranger's list may have thousands of tags, and comparing each with each takes
// milliseconds.
bool a_name_repeats(const std::vector<TagList::Tag>& tags) {
  std::vector<std::string_view> names;
  names.reserve(tags.size());
  for (const TagList::Tag& tag : tags) names.push_back(tag.name);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

std::string_view next_piece(std::string_view& rest) noexcept {
  const std::size_t semicolon = rest.find(';');
  const std::string_view piece = rest.substr(0, semicolon);
  rest = semicolon == std::string_view::npos ? std::string_view{} : rest.substr(semicolon + 1);
  return piece;
}

}  // namespace

Expected<TagList> TagList::parse(std::string_view text) {
  if (!octets_allowed(text)) {
    return failure(Reason::bad_credential, "holds an octet that a tag-list must not hold");
  }
  TagList list;
  std::string_view rest = text;
  do {
    const std::string_view piece = next_piece(rest);
    const std::size_t equals = piece.find('=');
    const std::string_view name = trimmed(piece.substr(0, equals));
    if (equals == std::string_view::npos || !is_tag_name(name)) {
      return failure(Reason::bad_credential, "not a list of name=value pairs");
    }
    list.tags_.push_back({name, trimmed(piece.substr(equals + 1))});
  } while (!trimmed(rest).empty());
  if (a_name_repeats(list.tags_)) return failure(Reason::bad_credential, "a tag stands twice");
  return list;
}

std::optional<std::string_view> TagList::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(tags_.begin(), tags_.end(), [&](const Tag& tag) { return tag.name == name; });
  if (found == tags_.end()) return std::nullopt;
  return found->value;
}

bool mentions_tag(std::string_view text, std::string_view name) noexcept {
  while (!text.empty()) {
    const std::string_view piece = next_piece(text);
    const std::size_t equals = piece.find('=');
    if (equals != std::string_view::npos && trimmed(piece.substr(0, equals)) == name) return true;
  }
  return false;
}

}  // namespace tecs
