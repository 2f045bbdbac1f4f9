#include "tools/found_files.hpp"

#include <glob.h>

#include <memory>

namespace tecs {

std::vector<std::string> find_files(const std::string& pattern) {
  glob_t found{};
  const std::unique_ptr<glob_t, void (*)(glob_t*)> owner(&found, globfree);
  // It is not thread safe with GLOB_TILDE, which is not used.  NOLINTNEXTLINE(concurrency-mt-unsafe)
  if (glob(pattern.c_str(), 0, nullptr, &found) != 0) return {};
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

}  // namespace tecs
