#include "tools/cyrus_configuration.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "tools/without_white_space.hpp"

namespace tecs {

CyrusConfiguration::CyrusConfiguration(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = without_white_space(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t colon = line.find(':');
    if (line.empty() || line.front() == '#' || colon == std::string_view::npos) continue;
    std::string name(without_white_space(line.substr(0, colon)));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    options_.emplace(std::move(name), without_white_space(line.substr(colon + 1)));
  }
}

std::optional<std::string> CyrusConfiguration::value(const std::string& option) const {
  const auto found = options_.find(option);
  return found == options_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace tecs
