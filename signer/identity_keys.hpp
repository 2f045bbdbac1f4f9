// The keys of many identities, read with all processors: one takes some 50 microseconds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tecs/error.hpp"
#include "tecs/signing_key.hpp"

namespace tecs {

struct KeyFileError {
  std::size_t index;  // of the path
  Error error;        // of read_key_file()
};

// The keys in the order of the paths; the error of the first path, in that order, that has one.
[[nodiscard]] tl::expected<std::vector<SigningKey>, KeyFileError> read_key_files(
    const std::vector<std::string>& paths);

}  // namespace tecs
