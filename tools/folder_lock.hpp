// Keeps others who write the same file out, as long as it lives: whoever comes second waits.
#pragma once

#include <string>
#include <utility>

#include "tecs/adapters/file_descriptor.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// Of the folder in which the file is, or would be, behind all links: a lock of the file itself would be gone
// with it when another takes its place. Ends with the program at the latest.
class FolderLock {
 public:
  // Waits for whoever has it. Fails with cannot_create.
  [[nodiscard]] static Outcome<FolderLock> take(const std::string& file);

 private:
  explicit FolderLock(FileDescriptor folder) noexcept : folder_(std::move(folder)) {}

  FileDescriptor folder_;
};

}  // namespace tecs
