#include "program/inherited_socket.hpp"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace tecs {
namespace {

using Names = std::span<char*>;

// systemd's own word for a socket whose unit gives it no name.
constexpr std::string_view nameless = "unknown";

std::vector<int> descriptors_named(Names names, std::string_view wanted) {
  std::vector<int> found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = names[i];
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
    return failure(Reason::io_error, std::string("sockets from systemd: ") + std::strerror(-count));
  }
  const Names names(list, static_cast<std::size_t>(count));
  const std::vector<int> found = descriptors_named(names, wanted);
  for (char* const name : names) std::free(name);  // sd_listen_fds_with_names(3): the caller frees
  std::free(list);
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
