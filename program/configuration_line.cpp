#include "program/configuration_line.hpp"

namespace tecs {

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string_view content_of_line(std::string_view line) noexcept {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || white_space.find(line[i - 1]) != std::string_view::npos)) {
      return trimmed(line.substr(0, i));
    }
  }
  return trimmed(line);
}

}  // namespace tecs
