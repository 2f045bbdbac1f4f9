#include "program/inherited_socket.hpp"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace tecs {
namespace {

// sd_listen_fds_with_names(3): the caller frees the list and each name in it.
struct Free {
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
  void operator()(void* memory) const noexcept { std::free(memory); }
};
using Name = std::unique_ptr<char, Free>;

// systemd's own word for a socket whose unit gives it no name.
constexpr std::string_view nameless = "unknown";

std::vector<int> descriptors_named(const std::vector<Name>& names, std::string_view wanted) {
  std::vector<int> found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = names[i].get();
    const bool only = names.size() == 1 && (name.empty() || name == nameless);
    if (name == wanted || only) found.push_back(SD_LISTEN_FDS_START + static_cast<int>(i));
  }
  return found;
}

}  // namespace

Expected<FileDescriptor> inherited_socket(std::string_view wanted) {
  char** list = nullptr;
  const int count = sd_listen_fds_with_names(1, &list);
  if (count < 0) {
    return failure(Reason::io_error, "sockets from systemd: " + std::generic_category().message(-count));
  }
  const std::unique_ptr<char*, Free> owned_list(list);
  const std::span<char*> all(list, static_cast<std::size_t>(count));
  const std::vector<int> found = descriptors_named(std::vector<Name>(all.begin(), all.end()), wanted);
  if (found.empty()) return FileDescriptor();
  if (found.size() > 1) {
    return failure(Reason::io_error, "systemd passed several sockets named " + std::string(wanted));
  }
  if (sd_is_socket(found.front(), AF_UNSPEC, SOCK_STREAM, 1) <= 0) {
    return failure(Reason::io_error, "the socket " + std::string(wanted) +
                                         " that systemd passed is not a stream socket that listens");
  }
  return FileDescriptor(found.front());
}

}  // namespace tecs
