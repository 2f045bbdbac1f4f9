#include "milter/possible_connections.hpp"

namespace tecs {
namespace {

std::optional<Endpoint> make_endpoint(const std::optional<IpAddress>& address,
                                      const std::optional<std::uint16_t>& port) {
  if (!address || !port) return std::nullopt;
  const auto endpoint = Endpoint::make(*address, *port);
  return endpoint ? std::optional(*endpoint) : std::nullopt;
}

// What the MTA says of the connection, with no need for the milter to know it.
std::optional<ConnectionTuple> named_by(const SessionQuery& origin) {
  const auto server = make_endpoint(origin.server, origin.server_port);
  const auto client = make_endpoint(origin.client, origin.client_port);
  if (!server || !client) return std::nullopt;
  const auto tuple = ConnectionTuple::make(*server, *client);
  return tuple ? std::optional(*tuple) : std::nullopt;
}

}  // namespace

std::optional<Candidate> PossibleConnections::sole_session() const {
  return !sessions.empty() && sessions.front().sole ? std::optional(sessions.front()) : std::nullopt;
}

std::optional<Candidate> PossibleConnections::session(std::optional<std::size_t> matched) const {
  if (matched && !sessions.empty()) return sessions.at(session_of.at(*matched));
  return sole_session();
}

std::optional<ConnectionTuple> PossibleConnections::tuple(std::optional<std::size_t> matched) const {
  if (matched) return tuples.at(*matched);
  if (!sessions.empty() && !sole_session()) return std::nullopt;
  return tuples.size() == 1 ? std::optional(tuples.front()) : std::nullopt;
}

PossibleConnections possible_connections(const SessionRegistry& registry, const SessionQuery& origin,
                                         const PublicAddresses& public_addresses) {
  PossibleConnections possible;
  possible.sessions = registry.candidates(origin);
  // Who has public addresses is rarely reached under its own, so those come first.
  const auto add = [&](const ConnectionTuple& tuple) {
    for (const Endpoint& world : public_addresses.of(tuple.destination())) {
      const auto seen = ConnectionTuple::make(world, tuple.source());
      if (seen) possible.tuples.push_back(*seen);
    }
    possible.tuples.push_back(tuple);
  };
  for (std::size_t i = 0; i < possible.sessions.size(); ++i) {
    add(possible.sessions[i].tuple);
    possible.session_of.resize(possible.tuples.size(), i);
  }
  if (possible.sessions.empty()) {
    if (const auto tuple = named_by(origin)) add(*tuple);
  }
  return possible;
}

}  // namespace tecs
