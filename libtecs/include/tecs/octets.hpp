// The one name for "some octets that somebody else owns", and the way between them and text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tecs {

using Octets = std::vector<std::uint8_t>;
using OctetView = std::span<const std::uint8_t>;  // does not own; lives no longer than what it looks at

[[nodiscard]] inline OctetView octets_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view text_of(OctetView octets) noexcept {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace tecs
