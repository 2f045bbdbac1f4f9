// A file that is to take the place of another: it is written beside it and renamed when it is whole, so that
// whoever opens the place finds the old one or the new one, also after a crash.
#pragma once

#include <cstdint>
#include <string>

#include "tecs/adapters/file_descriptor.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// What a file may be read by when there was none before.
enum class NewFileMode : std::uint8_t {
  everybody,  // 0644
  by_umask,
};

// One thread. What stood there before stays until commit(), and for good when that is never called; nothing
// else is left behind then.
class FileBeside {
 public:
  // Only a regular file is replaced, or nothing: no device, pipe or folder. A symbolic link stays, and what
  // it points to is replaced, unless that is nothing. The new file has the permissions, the owner and the
  // group of the old one. An owner that this process may not give it is left out; so is a group, which then
  // is allowed no more than all others are, but a file that only its group may read is not replaced by one
  // that the group may not. Fails with cannot_create.
  [[nodiscard]] static Outcome<FileBeside> make(const std::string& path, NewFileMode mode);
  FileBeside(FileBeside&& other) noexcept;
  FileBeside& operator=(FileBeside&&) = delete;
  FileBeside(const FileBeside&) = delete;
  FileBeside& operator=(const FileBeside&) = delete;
  ~FileBeside();

  // Where it is until then, and opened to be written there.
  [[nodiscard]] const std::string& path() const noexcept { return beside_; }
  [[nodiscard]] int number() const noexcept { return file_.number(); }

  // Once. On disk when it returns. Fails with io_error.
  [[nodiscard]] Outcome<void> commit();

 private:
  FileBeside(std::string target, std::string beside, FileDescriptor file);

  std::string target_;
  std::string beside_;  // empty: it is in its place
  FileDescriptor file_;
};

}  // namespace tecs
