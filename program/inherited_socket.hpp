// Sockets that systemd listens on for a daemon (socket activation, sd_listen_fds(3)): they outlive it, so
// that while it restarts whoever connects waits instead of being refused.
#pragma once

#include <string_view>

#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/error.hpp"

namespace tecs {

// The listening stream socket that was passed under this name (FileDescriptorName= of the socket unit), or
// without one when there is no other; no descriptor when none was passed. Fails with io_error when several
// fit or it is no listening stream socket. For main(), once: the descriptors are taken from the environment,
// and further calls find none.
[[nodiscard]] Expected<FileDescriptor> inherited_socket(std::string_view name);

}  // namespace tecs
