#include "tools/file_beside.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "tools/file_writing.hpp"

namespace tecs {
namespace {

constexpr mode_t all_permissions = 0777;
constexpr mode_t group_permissions = 0070;

// What is there, behind all links.
struct Place {
  std::string path;
  std::optional<struct stat> former;  // empty: nothing
};

tl::unexpected<Failure> failed_here(ExitCode code, const std::string& path) {
  return failed(code, path + ": " + std::generic_category().message(errno));
}

tl::unexpected<Failure> not_replaceable(const std::string& path) {
  return failed(ExitCode::cannot_create, path + ": not a file that can be replaced");
}

// The kernel is asked first with the path as it was given, since it refuses to follow a link that a stranger
// laid into a folder for everybody (proc(5), protected_symlinks).
Outcome<Place> find_place(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) return failed_here(ExitCode::cannot_create, path);
    if (lstat(path.c_str(), &status) == 0) return not_replaceable(path);
    return Place{path, std::nullopt};
  }
  if (!S_ISREG(status.st_mode)) return not_replaceable(path);
  std::error_code error;
  const std::string target = std::filesystem::canonical(path, error).string();
  if (error || lstat(target.c_str(), &status) != 0) return failed_here(ExitCode::cannot_create, path);
  if (!S_ISREG(status.st_mode)) return not_replaceable(path);
  return Place{target, status};
}

// In the same folder: only within one file system a file is renamed in one step.
FileDescriptor open_beside(const std::string& target, mode_t mode, std::string& beside) {
  constexpr int most_tries = 100;
  for (int i = 0; i < most_tries; ++i) {
    beside = target + ".new-" + std::to_string(getpid()) + "-" + std::to_string(i);
    FileDescriptor file(open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (file || errno != EEXIST) return file;
  }
  return {};
}

// A group that could not be kept leaves its rights to one that may be less trusted.
std::optional<mode_t> permissions_without_group(mode_t former) {
  const bool all_may_read = (former & S_IROTH) != 0;
  if ((former & S_IRGRP) != 0 && !all_may_read) return std::nullopt;
  return former & ~(group_permissions & ~((former & S_IRWXO) << 3U));
}

// The owner first: chown(2) of another's file is not for everybody, and before it nobody else may read this.
Outcome<void> make_like(int file, const struct stat& former, const std::string& path) {
  mode_t permissions = former.st_mode & all_permissions;
  struct stat present {};
  if (fstat(file, &present) != 0) return failed_here(ExitCode::cannot_create, path);
  const bool same = present.st_uid == former.st_uid && present.st_gid == former.st_gid;
  const bool kept = same || fchown(file, former.st_uid, former.st_gid) == 0 ||
                    present.st_gid == former.st_gid ||
                    fchown(file, static_cast<uid_t>(-1), former.st_gid) == 0;
  if (!kept) {
    const auto fewer = permissions_without_group(permissions);
    if (!fewer)
      return failed(ExitCode::cannot_create,
                    path +
                        ": not replaced: only its group may read it, and this user cannot give a file to "
                        "that group");
    permissions = *fewer;
  }
  if (fchmod(file, permissions) != 0) return failed_here(ExitCode::cannot_create, path);
  return {};
}

}  // namespace

Outcome<FileBeside> FileBeside::make(const std::string& path, NewFileMode mode) {
  const auto place = find_place(path);
  if (!place) return tl::unexpected(place.error());
  constexpr mode_t owner_only = S_IRUSR | S_IWUSR;
  constexpr mode_t usual = 0666;
  constexpr mode_t readable = 0644;
  std::string beside;
  FileDescriptor opened = open_beside(place->path, place->former ? owner_only : usual, beside);
  if (!opened) return failed_here(ExitCode::cannot_create, path);
  FileBeside file(place->path, std::move(beside), std::move(opened));
  if (place->former) {
    const auto done = make_like(file.number(), *place->former, path);
    if (!done) return tl::unexpected(done.error());
  } else if (mode == NewFileMode::everybody && fchmod(file.number(), readable) != 0) {
    return failed_here(ExitCode::cannot_create, path);
  }
  return file;
}

FileBeside::FileBeside(std::string target, std::string beside, FileDescriptor file)
    : target_(std::move(target)), beside_(std::move(beside)), file_(std::move(file)) {}

FileBeside::FileBeside(FileBeside&& other) noexcept
    : target_(std::move(other.target_)),
      beside_(std::exchange(other.beside_, {})),
      file_(std::move(other.file_)) {}

FileBeside::~FileBeside() {
  if (!beside_.empty()) unlink(beside_.c_str());
}

Outcome<void> FileBeside::commit() {
  if (fsync(file_.number()) != 0 || std::rename(beside_.c_str(), target_.c_str()) != 0)
    return failed_here(ExitCode::io_error, target_);
  beside_.clear();
  sync_folder_of(target_);
  return {};
}

}  // namespace tecs
