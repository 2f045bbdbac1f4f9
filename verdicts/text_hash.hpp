// For tables by text in which a part of another text is looked for.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace tecs {

// Together with std::equal_to<>.
struct TextHash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

}  // namespace tecs
