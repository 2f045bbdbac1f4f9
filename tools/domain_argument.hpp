// The domain that a subcommand is about: its first word, or the option of that name.
#pragma once

#include <vector>

#include "tools/subcommand.hpp"

namespace tecs {

// The same arguments with --domain before a first word that is not an option.
[[nodiscard]] inline std::vector<const char*> with_domain_named(Arguments arguments) {
  std::vector<const char*> named(arguments.begin(), arguments.end());
  if (!named.empty() && named.front()[0] != '-') named.insert(named.begin(), "--domain");
  return named;
}

}  // namespace tecs
