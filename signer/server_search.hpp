// Which servers a connection of the MTA may go to.
#pragma once

#include <asio/awaitable.hpp>
#include <string>
#include <vector>

#include "signer/connection.hpp"
#include "signer/relay.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

// The address that the MTA was going to, the fixed one, or those of the fixed host, at least one. Fails when
// there is none, and when the connection is one of the signer's own that came back to it; the sentence is for
// the MTA. Used by the thread of the loop.
[[nodiscard]] asio::awaitable<Expected<std::vector<Endpoint>>, Connection::Executor> find_servers(
    Relay& relay, Connection& mta);

// The name by which an administrator's upstream is known; empty where only the address is.
[[nodiscard]] std::string host_of(const UpstreamAddress& upstream);

}  // namespace tecs
