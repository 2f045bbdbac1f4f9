// Connecting to the server, in steps that do not block.
#pragma once

#include <functional>
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

// For a connection that has begun. In its place comes another, from another port of the same address that
// suits; its own end is given back. Nothing, and the connection is as it was, when in a bounded number of
// tries none was found.
[[nodiscard]] std::optional<Endpoint> change_port(Connection& connection, const Endpoint& server,
                                                  const SourceAddress& source,
                                                  const std::function<bool(const Endpoint&)>& suits);

// Once the socket is writable: how it came out. Fails with io_error.
[[nodiscard]] Expected<void> finish_connecting(Connection& connection);

}  // namespace tecs
