// A stranger's octets, made fit for logs, tables, JSON and databases.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tecs/api.hpp"

namespace tecs {

// Printable ASCII stays; every other octet, the backslash and the quotation mark are written as \xHH, so that
// the octets can be had back and the text can stand between quotation marks. What is longer than
// maximum_octets before escaping is cut there and "..." stands for the rest. Any thread.
[[nodiscard]] TECS_API std::string printable_text(std::string_view octets, std::size_t maximum_octets);

}  // namespace tecs
