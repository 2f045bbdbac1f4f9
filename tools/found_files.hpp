// Files by a pattern of their names.
#pragma once

#include <string>
#include <vector>

namespace tecs {

// Those that exist and fit the pattern (glob(7)), in the order of their names; a folder that cannot be read
// has none. Any thread.
[[nodiscard]] std::vector<std::string> find_files(const std::string& pattern);

}  // namespace tecs
