#include "tools/replaced_file.hpp"

#include <cerrno>
#include <system_error>

#include "tools/file_beside.hpp"
#include "tools/file_writing.hpp"

namespace tecs {

Outcome<void> replace_file(const std::string& path, std::string_view contents) {
  auto file = FileBeside::make(path, NewFileMode::everybody);
  if (!file) return tl::unexpected(file.error());
  if (!write_all(file->number(), contents))
    return failed(ExitCode::io_error, path + ": " + std::generic_category().message(errno));
  return file->commit();
}

}  // namespace tecs
