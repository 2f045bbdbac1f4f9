#include "signer/host_name.hpp"

#include <algorithm>

#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

bool is_host_name(std::string_view name) noexcept {
  static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";
  static constexpr std::string_view digits = "0123456789";
  if (name.empty() || name.size() > 253) return false;
  for (;;) {
    const std::size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (label.find_first_not_of(alphabet) != std::string_view::npos) return false;
    if (dot == std::string_view::npos) return label.find_first_not_of(digits) != std::string_view::npos;
    name.remove_prefix(dot + 1);
  }
}

}  // namespace

Expected<std::string> parse_host_name(std::string_view text) {
  std::string name(text);
  std::ranges::transform(name, name.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  if (is_host_name(name)) return name;
  return failure(Reason::bad_option, "\"" + printable_text(text, 300) + "\" is not the name of a host");
}

}  // namespace tecs
