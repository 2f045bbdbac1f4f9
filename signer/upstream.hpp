// Connecting to the server, in steps that do not block.
#pragma once

#include <optional>

#include "signer/connection.hpp"
#include "signer/relay.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Where a connection comes from; the port stays the kernel's choice, for the MTA's own is taken.
struct SourceAddress {
  IpAddress address;
  bool transparent = false;  // it is another host's (IP_TRANSPARENT, ip(7))
};

// As the settings have it, for this connection of the MTA. Nothing: the kernel chooses. Fails with io_error.
[[nodiscard]] Expected<std::optional<SourceAddress>> source_address(const RelaySettings& settings,
                                                                    Connection& mta);

// Opens the connection's socket, which must be closed, and begins to connect; local_endpoint() is known
// afterwards. Fails with io_error.
[[nodiscard]] Expected<void> begin_connecting(Connection& connection, const Endpoint& server,
                                              const std::optional<SourceAddress>& source);

// Once the socket is writable: how it came out. Fails with io_error.
[[nodiscard]] Expected<void> finish_connecting(Connection& connection);

}  // namespace tecs
