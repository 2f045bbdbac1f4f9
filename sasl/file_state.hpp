// By what a file is seen to have changed: whoever reads it again only then looks at this, not at its octets.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace tecs {

// Plain value.
struct FileState {
  dev_t device;
  ino_t number;
  off_t size;
  std::int64_t written;  // nanoseconds since 1970
  std::int64_t changed;  // of owner and mode as well

  // Empty when there is no such file, or it cannot be looked at.
  [[nodiscard]] static std::optional<FileState> of(const std::string& path);

  friend bool operator==(const FileState&, const FileState&) = default;
};

}  // namespace tecs
