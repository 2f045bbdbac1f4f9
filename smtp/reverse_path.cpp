#include "smtp/reverse_path.hpp"

#include <algorithm>

#include "smtp/smtp_command.hpp"

namespace tecs {
namespace {

bool is_utf8_octet(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x80;  // RFC 6531 section 3.3
}

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || is_utf8_octet(c);
}

// RFC 5322 section 3.2.3.
bool is_atext(char c) noexcept {
  static constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
  return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
}

// Takes what is expected off the front of the text, or leaves it as it is and says false.
bool take(std::string_view& text, char expected) noexcept {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

template <typename Allowed>
std::string_view take_while(std::string_view& text, Allowed allowed) noexcept {
  const auto end = std::ranges::find_if_not(text, allowed);
  const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

// sub-domain = Let-dig [Ldh-str]; the underscore is none, but names in use have it.
bool is_label(std::string_view label) noexcept {
  return !label.empty() && !label.starts_with('-') && !label.ends_with('-');
}

std::optional<std::string_view> take_name(std::string_view& text) noexcept {
  const std::string_view name =
      take_while(text, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
  if (name.size() > ReversePath::maximum_domain) return std::nullopt;
  for (std::string_view rest = name;;) {
    const std::size_t dot = rest.find('.');
    if (!is_label(rest.substr(0, dot))) return std::nullopt;
    if (dot == std::string_view::npos) return name;
    rest.remove_prefix(dot + 1);
  }
}

// address-literal = "[" ... "]" (RFC 5321 section 4.1.3), of which only the end matters here.
std::optional<std::string_view> take_address_literal(std::string_view& text) noexcept {
  const std::string_view whole = text;
  if (!take(text, '[')) return std::nullopt;
  const std::string_view inside = take_while(text, [](char c) {
    return (is_letter_or_digit(c) && !is_utf8_octet(c)) || c == ':' || c == '.' || c == '-';
  });
  if (inside.empty() || inside.size() + 2 > ReversePath::maximum_domain || !take(text, ']')) {
    return std::nullopt;
  }
  return whole.substr(0, inside.size() + 2);
}

// A-d-l = At-domain *("," At-domain), then ":"; to be ignored (RFC 5321 appendix C).
bool take_source_route(std::string_view& text) noexcept {
  if (!text.starts_with('@')) return true;
  do {
    if (!take(text, '@') || !take_name(text)) return false;
  } while (take(text, ','));
  return take(text, ':');
}

// Quoted-string = DQUOTE *QcontentSMTP DQUOTE
bool take_quoted_string(std::string_view& text) noexcept {
  text.remove_prefix(1);
  for (;;) {
    (void)take_while(
        text, [](char c) { return c != '"' && c != '\\' && (is_utf8_octet(c) || (c >= ' ' && c <= '~')); });
    if (take(text, '"')) return true;
    if (!take(text, '\\') || text.empty() || text.front() < ' ' || text.front() > '~') return false;
    text.remove_prefix(1);
  }
}

// Local-part = Dot-string / Quoted-string
bool take_local_part(std::string_view& text) noexcept {
  if (text.starts_with('"')) return take_quoted_string(text);
  do {
    if (take_while(text, is_atext).empty()) return false;
  } while (take(text, '.'));
  return true;
}

std::optional<std::string_view> take_mailbox_domain(std::string_view& text) noexcept {
  if (!take_source_route(text) || !take_local_part(text) || !take(text, '@')) return std::nullopt;
  return text.starts_with('[') ? take_address_literal(text) : take_name(text);
}

}  // namespace

std::optional<ReversePath> ReversePath::of_mail(std::string_view line) {
  static constexpr std::string_view command = "MAIL FROM:";
  if (upper_case(line.substr(0, command.size())) != command) return std::nullopt;
  line.remove_prefix(command.size());
  (void)take_while(line, [](char c) { return c == ' '; });
  if (!take(line, '<')) return std::nullopt;
  std::optional<std::string_view> domain = std::string_view();
  if (!line.starts_with('>')) domain = take_mailbox_domain(line);
  if (!domain || !take(line, '>')) return std::nullopt;
  if (!line.empty() && line.front() != ' ') return std::nullopt;
  return ReversePath{std::string(*domain)};
}

}  // namespace tecs
