// A whole text file, within bounds.
#pragma once

#include <cstddef>
#include <string>

#include "tecs/error.hpp"

namespace tecs {

inline constexpr std::size_t maximum_text_file_octets = std::size_t{4} * 1024 * 1024;

// Fails with io_error when the file is no regular file, cannot be read or is larger than the maximum.
[[nodiscard]] Expected<std::string> read_text_file(const std::string& path);

}  // namespace tecs
