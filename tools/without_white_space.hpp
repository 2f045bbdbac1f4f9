// Text without the white space around it.
#pragma once

#include <string_view>

namespace tecs {

[[nodiscard]] constexpr std::string_view without_white_space(std::string_view text) noexcept {
  constexpr std::string_view white_space = " \t\r\n";
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

}  // namespace tecs
