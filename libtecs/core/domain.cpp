#include "tecs/domain.hpp"

#include <algorithm>
#include <optional>

namespace tecs {
namespace {

constexpr std::size_t maximum_name = 253;
constexpr std::size_t maximum_label = 63;

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// sub-domain of RFC 5321 section 4.1.2: letters, digits and inner hyphens.
bool is_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= maximum_label && is_letter_or_digit(label.front()) &&
         is_letter_or_digit(label.back()) &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// Not std::tolower: a name must not depend on the locale.
char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::optional<std::string> lower_case_name(std::string_view text, std::size_t minimum_labels) {
  if (text.size() > maximum_name) return std::nullopt;
  std::size_t labels = 0;
  for (std::string_view rest = text;;) {
    const std::size_t dot = rest.find('.');
    if (!is_label(rest.substr(0, dot))) return std::nullopt;
    ++labels;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (labels < minimum_labels) return std::nullopt;
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(), lower);
  return name;
}

}  // namespace

Expected<Domain> Domain::parse(std::string_view text) {
  auto name = lower_case_name(text, 2);
  if (!name)
    return failure(Reason::bad_domain, "not a domain name of two labels or more, written with A-labels");
  return Domain(std::move(*name));
}

Expected<Selector> Selector::parse(std::string_view text) {
  auto name = lower_case_name(text, 1);
  if (!name) return failure(Reason::bad_selector, "not a selector: labels of letters, digits and hyphens");
  return Selector(std::move(*name));
}

}  // namespace tecs
