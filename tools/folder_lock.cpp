#include "tools/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tecs {

Outcome<FolderLock> FolderLock::take(const std::string& file) {
  std::error_code error;
  auto place = std::filesystem::weakly_canonical(file, error);
  if (error) place = file;
  const std::string folder = place.has_parent_path() ? place.parent_path().string() : ".";
  FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return failed(ExitCode::cannot_create, folder + ": " + std::generic_category().message(errno));
  while (flock(opened.number(), LOCK_EX) != 0) {
    if (errno != EINTR)
      return failed(ExitCode::cannot_create,
                    folder + ": cannot be locked: " + std::generic_category().message(errno));
  }
  return FolderLock(std::move(opened));
}

}  // namespace tecs
