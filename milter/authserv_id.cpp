#include "milter/authserv_id.hpp"

#include <strings.h>

#include <algorithm>

namespace tecs {
namespace {

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool white(char c) {
  return c == ' ' || c == '\t';
}

bool printable(char c) {
  return c > ' ' && c <= '~';
}

// RFC 2045 section 5.1: any printable ASCII that is none of the tspecials.
bool token_octet(char c) {
  constexpr std::string_view tspecials = "()<>@,;:\\\"/[]?=";
  return printable(c) && tspecials.find(c) == std::string_view::npos;
}

// Walks over the front of a field body. Every function that returns bool returns false when the grammar is
// broken.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  [[nodiscard]] bool at(char c) const noexcept { return !rest_.empty() && rest_.front() == c; }

  // CFWS, or nothing (RFC 5322 section 3.2.2).
  [[nodiscard]] bool skip_cfws() {
    while (!at_end()) {
      if (white(rest_.front())) {
        rest_.remove_prefix(1);
      } else if (at('\r') || at('\n')) {
        if (!skip_fold()) return false;
      } else if (at('(')) {
        if (!skip_comment()) return false;
      } else {
        return true;
      }
    }
    return true;
  }

  // value := token / quoted-string (RFC 2045 section 5.1). Empty when there is none.
  [[nodiscard]] std::optional<std::string> take_value() {
    if (at('"')) return take_quoted_string();
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), token_octet);
    std::string token(rest_.begin(), end);
    rest_.remove_prefix(token.size());
    return token.empty() ? std::nullopt : std::optional(std::move(token));
  }

  [[nodiscard]] bool skip_digits() {
    const std::size_t end = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    rest_.remove_prefix(end);
    return end > 0;
  }

 private:
  // A line break within a field is followed by white space. At the very end of the body it only ends it.
  [[nodiscard]] bool skip_fold() {
    if (at('\r')) rest_.remove_prefix(1);
    if (!at('\n')) return false;
    rest_.remove_prefix(1);
    return at_end() || white(rest_.front());
  }

  // Comments nest. Counting instead of recursion: a stranger chose how deep.
  [[nodiscard]] bool skip_comment() {
    std::size_t depth = 0;
    while (!at_end()) {
      const char c = rest_.front();
      if (c == '\r' || c == '\n') {
        if (!skip_fold()) return false;
        continue;
      }
      rest_.remove_prefix(1);
      if (c == '\\') {
        if (!skip_escaped()) return false;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')') {
        if (--depth == 0) return true;
      } else if (!white(c) && !printable(c)) {
        return false;
      }
    }
    return false;
  }

  [[nodiscard]] bool skip_escaped() {
    if (at_end() || !(white(rest_.front()) || printable(rest_.front()))) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // RFC 5322 section 3.2.4; the fold's line break is no part of the text, its white space is.
  [[nodiscard]] std::optional<std::string> take_quoted_string() {
    std::string text;
    rest_.remove_prefix(1);
    while (!at_end()) {
      const char c = rest_.front();
      if (c == '\r' || c == '\n') {
        if (!skip_fold()) return std::nullopt;
        continue;
      }
      rest_.remove_prefix(1);
      if (c == '"') return text;
      if (c == '\\') {
        if (at_end()) return std::nullopt;
        text += rest_.front();
        if (!skip_escaped()) return std::nullopt;
      } else if (white(c) || printable(c)) {
        text += c;
      } else {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::string_view rest_;
};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

Expected<AuthservId> AuthservId::parse(std::string_view text) {
  constexpr std::size_t longest = 253;
  const bool readable = std::all_of(text.begin(), text.end(), [](char c) {
    return letter_or_digit(c) || c == '.' || c == '-' || c == '_';
  });
  if (text.empty() || text.size() > longest || !readable) {
    return failure(Reason::bad_option,
                   "an authserv-id has 1 to 253 letters, digits, dots, hyphens and underscores");
  }
  return AuthservId(std::string(text));
}

bool AuthservId::equals(std::string_view other) const noexcept {
  return equal_ignoring_case(text_, other);
}

// authres-payload = [CFWS] authserv-id [CFWS authres-version] (no-result / 1*resinfo) [CFWS]; both begin with
// [CFWS] ";". Fields with nothing after the name are seen in the wild and mean nothing, so the end is taken
// as well.
std::optional<std::string> read_authserv_id(std::string_view field_body) {
  Cursor cursor(field_body);
  if (!cursor.skip_cfws()) return std::nullopt;
  auto name = cursor.take_value();
  if (!name || !cursor.skip_cfws()) return std::nullopt;
  if (!cursor.at_end() && !cursor.at(';')) {
    if (!cursor.skip_digits() || !cursor.skip_cfws()) return std::nullopt;
  }
  if (!cursor.at_end() && !cursor.at(';')) return std::nullopt;
  return name;
}

bool is_forged(std::string_view field_body, const AuthservId& ours) {
  const auto name = read_authserv_id(field_body);
  return !name || ours.equals(*name);
}

}  // namespace tecs
