// A file that is written as it comes and put into its place when it is whole (file_beside.hpp);
// replaced_file.hpp is for what is at hand as one text.
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "tecs/error.hpp"
#include "tools/file_beside.hpp"

namespace tecs {

// One thread. What stood there before stays until commit(), and for good when that is never called.
class StreamedFile {
 public:
  // The file has the permissions, owner and group of the old one, or those that the umask leaves
  // (file_beside.hpp says more). Fails with io_error, also when something other than a file stands there.
  [[nodiscard]] static Expected<std::unique_ptr<StreamedFile>> open(const std::string& path);

  [[nodiscard]] std::ostream& stream() noexcept { return stream_; }

  // On disk when it returns. Fails with io_error, also for what could not be written before.
  [[nodiscard]] Expected<void> commit();

 private:
  explicit StreamedFile(FileBeside file);

  FileBeside file_;
  std::ofstream stream_;
};

}  // namespace tecs
