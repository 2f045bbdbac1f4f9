#include "tools/maildir.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

#include "tecs/adapters/file_descriptor.hpp"

namespace tecs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view flags_mark = ":2,";  // maildir(5): behind it stand the flags, in ASCII order

std::string last_error() {
  return std::generic_category().message(errno);
}

std::string flags_of(const std::string& name) {
  const std::size_t mark = name.rfind(flags_mark);
  return mark == std::string::npos ? std::string() : name.substr(mark + flags_mark.size());
}

Expected<void> add_mails(const fs::path& folder, bool skip_seen, std::vector<fs::path>& mails) {
  const std::size_t before = mails.size();
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.starts_with('.') || (skip_seen && flags_of(name).find('S') != std::string::npos)) continue;
    std::error_code gone;  // somebody else may take mails away meanwhile
    if (entry->symlink_status(gone).type() == fs::file_type::regular) mails.push_back(entry->path());
  }
  if (error) return failure(Reason::io_error, folder.string() + ": " + error.message());
  std::sort(mails.begin() + static_cast<std::ptrdiff_t>(before), mails.end());
  return {};
}

}  // namespace

bool is_maildir(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder / "new", error) && fs::is_directory(folder / "cur", error);
}

Expected<std::vector<fs::path>> find_unseen_mails(const fs::path& maildir) {
  std::vector<fs::path> mails;
  if (const auto added = add_mails(maildir / "cur", true, mails); !added)
    return tl::unexpected(added.error());
  if (const auto added = add_mails(maildir / "new", false, mails); !added)
    return tl::unexpected(added.error());
  return mails;
}

Expected<std::optional<std::string>> read_found_mail(const fs::path& mail, std::size_t maximum_octets) {
  constexpr std::size_t piece_octets = std::size_t{64} * 1024;
  const auto failed = [&] { return failure(Reason::io_error, mail.string() + ": " + last_error()); };
  // Without O_NONBLOCK a pipe that somebody put there would be waited for.
  const FileDescriptor file(open(mail.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::optional<std::string>();
  if (!file) return failed();
  struct stat status {};
  if (fstat(file.number(), &status) != 0) return failed();
  if (!S_ISREG(status.st_mode)) return failure(Reason::io_error, mail.string() + ": not a regular file");
  std::string text;
  while (text.size() <= maximum_octets) {
    const std::size_t before = text.size();
    text.resize(before + std::min(piece_octets, maximum_octets + 1 - before));
    const ssize_t octets = read(file.number(), text.data() + before, text.size() - before);
    if (octets < 0 && errno != EINTR) return failed();
    text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(octets, 0)));
    if (octets == 0) break;
  }
  return std::optional(std::move(text));
}

Expected<void> mark_seen(const fs::path& mail) {
  const std::string name = mail.filename();
  std::string flags = flags_of(name);
  if (flags.find('S') == std::string::npos) flags += 'S';
  std::sort(flags.begin(), flags.end());
  const fs::path seen = mail.parent_path().parent_path() / "cur" /
                        (name.substr(0, name.rfind(flags_mark)) + std::string(flags_mark) + flags);
  if (renameat2(AT_FDCWD, mail.c_str(), AT_FDCWD, seen.c_str(), RENAME_NOREPLACE) == 0) return {};
  // Not every file system knows that.
  if (errno == EINVAL || errno == ENOSYS) {
    if (link(mail.c_str(), seen.c_str()) == 0 && unlink(mail.c_str()) == 0) return {};
  }
  return failure(Reason::io_error, mail.string() + ": cannot become " + seen.string() + ": " + last_error());
}

}  // namespace tecs
