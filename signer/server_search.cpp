#include "signer/server_search.hpp"

#include <asio/use_awaitable.hpp>
#include <utility>
#include <variant>

#include "signer/background.hpp"
#include "signer/original_destination.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

template <typename Value>
using Awaitable = asio::awaitable<Value, Connection::Executor>;
using Addresses = Expected<std::vector<IpAddress>>;

constexpr std::size_t maximum_servers = 5;  // addresses of one host that are tried

// A firewall rule that does not spare the signer's own user sends our connections back to us, round and
// round. Both ends must be those of ours: the MTA, on the same address, may well have the same port, towards
// somebody else.
Expected<void> check_for_loop(const Relay& relay, Connection& mta, const Expected<Endpoint>& destination) {
  const auto client = peer_endpoint(mta.descriptor());
  if (!client) return tl::unexpected(client.error());
  for (const auto& goal : {destination, local_endpoint(mta.descriptor())}) {
    const auto tuple =
        goal.and_then([&client](const Endpoint& end) { return ConnectionTuple::make(end, *client); });
    if (tuple && relay.own_connections.contains(*tuple)) {
      return failure(
          Reason::io_error,
          "the signer's own connection came back to it: the firewall rule must spare the signer's user, "
          "and upstream must not be the signer");
    }
  }
  return {};
}

Awaitable<Addresses> look_up(Relay& relay, std::string host) {
  const auto lookup = Background<Addresses>::begin(relay.loop.get_executor(), relay.lookup_pool,
                                                   [&ask = relay.lookup, host] { return ask(host); });
  Addresses addresses = co_await lookup->result();
  if (!addresses) co_return failure(addresses.error().reason, host + ": " + addresses.error().sentence);
  co_return addresses;
}

}  // namespace

Awaitable<Expected<std::vector<Endpoint>>> find_servers(Relay& relay, Connection& mta) {
  const UpstreamAddress& upstream = relay.settings.upstream;
  const auto destination = original_destination(mta.descriptor());
  const auto checked = check_for_loop(relay, mta, destination);
  if (!checked) co_return tl::unexpected(checked.error());
  if (const auto* const fixed = std::get_if<Endpoint>(&upstream)) co_return std::vector<Endpoint>{*fixed};
  if (const auto* const name = std::get_if<HostAndPort>(&upstream)) {
    const Addresses addresses = co_await look_up(relay, name->host);
    if (!addresses) co_return tl::unexpected(addresses.error());
    std::vector<Endpoint> servers;
    for (const IpAddress& address : *addresses) {
      const auto server = Endpoint::make(address, name->port);
      if (server && servers.size() < maximum_servers) servers.push_back(*server);
    }
    if (servers.empty())
      co_return failure(Reason::dns_error, name->host + " has no address that can be used");
    co_return servers;
  }
  if (!destination) co_return tl::unexpected(destination.error());
  co_return std::vector<Endpoint>{*destination};
}

std::string host_of(const UpstreamAddress& upstream) {
  const auto* const name = std::get_if<HostAndPort>(&upstream);
  return name == nullptr ? std::string() : name->host;
}

}  // namespace tecs
