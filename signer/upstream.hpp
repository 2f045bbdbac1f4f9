// Connecting to the server, in steps that do not block.
#pragma once

#include <optional>

#include "signer/connection.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Opens the connection's socket, which must be closed, and begins to connect; local_endpoint() is known
// afterwards. source: the address to connect from, so that a sender with several addresses keeps the one that
// its MTA chose; the port stays the kernel's choice, for the MTA's own is taken. Fails with io_error.
[[nodiscard]] Expected<void> begin_connecting(Connection& connection, const Endpoint& server,
                                              const std::optional<IpAddress>& source);

// Once the socket is writable: how it came out. Fails with io_error.
[[nodiscard]] Expected<void> finish_connecting(Connection& connection);

}  // namespace tecs
