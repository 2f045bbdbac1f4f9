// The text of a line of a script.
#pragma once

#include <string>
#include <string_view>

namespace tecs::test {

// Wherever it stands.
void replace(std::string& text, std::string_view from, const std::string& to);
// "\0", "\r", "\n", "\t" and "\\" as they are in C. Throws std::out_of_range for another one.
[[nodiscard]] std::string unescaped(std::string_view text);

}  // namespace tecs::test
