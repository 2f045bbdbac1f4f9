// Where a connection was going before the kernel redirected it to us.
#pragma once

#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

// socket: accepted, IPv4, IPv6, or IPv6 with an IPv4 client. Fails with io_error when the kernel knows no
// other destination than our own listening end point.
[[nodiscard]] Expected<Endpoint> original_destination(int socket);

}  // namespace tecs
