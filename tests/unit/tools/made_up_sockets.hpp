// The sockets of a case for `tecs check`.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tools/socket_standing.hpp"

namespace tecs {

// The file `sockets` of a case: lines of "path kind". Sockets that it does not name can be used.
inline SocketStanding made_up_standing(const std::filesystem::path& folder, const std::string& path,
                                       const std::string& user) {
  const std::vector<std::string> kinds{"usable", "absent", "not-a-socket", "forbidden", "unknown"};
  std::ifstream lines(folder / "sockets");
  std::string known;
  std::string kind;
  while (lines >> known >> kind) {
    if (known != path) continue;
    const auto found = std::find(kinds.begin(), kinds.end(), kind);
    EXPECT_NE(found, kinds.end()) << kind;
    return {static_cast<SocketStanding::Kind>(found - kinds.begin()), path + " is " + kind + " for " + user};
  }
  return {};
}

}  // namespace tecs
