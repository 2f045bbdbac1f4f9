// What tests of the resolver share.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "tecs/adapters/dns_resolver.hpp"
#include "unit/adapters/fake_dns_server.hpp"

namespace tecs::test {

inline std::unique_ptr<DnsResolver> resolver(const FakeDnsServer& server,
                                             std::chrono::milliseconds timeout = std::chrono::seconds{2},
                                             int attempts = 2) {
  return *DnsResolver::make({.resolver = server.endpoint(), .timeout = timeout, .attempts = attempts});
}

inline FakeDnsServer::UdpScript always(const Reply& reply) {
  return [reply](OctetView query) { return std::vector<Octets>{reply.to(query)}; };
}

inline FakeDnsServer::TcpScript always_tcp(const Reply& reply) {
  return [reply](int connection, OctetView query) { send_all(connection, with_length(reply.to(query))); };
}

}  // namespace tecs::test
