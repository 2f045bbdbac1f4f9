#include "tools/streamed_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace tecs {

Expected<std::unique_ptr<StreamedFile>> StreamedFile::open(const std::string& path) {
  auto file = FileBeside::make(path, NewFileMode::by_umask);
  if (!file) return failure(Reason::io_error, file.error().sentence);
  return std::unique_ptr<StreamedFile>(new StreamedFile(std::move(*file)));
}

StreamedFile::StreamedFile(FileBeside file)
    : file_(std::move(file)), stream_(file_.path(), std::ios::binary | std::ios::trunc) {}

Expected<void> StreamedFile::commit() {
  errno = EIO;  // what is said when the stream does not tell
  stream_.close();
  if (!stream_)
    return failure(Reason::io_error, file_.path() + ": " + std::generic_category().message(errno));
  const auto done = file_.commit();
  if (!done) return failure(Reason::io_error, done.error().sentence);
  return {};
}

}  // namespace tecs
