// Puts one query to one server and waits for the answer: the only sockets of libtecs.
//
// ldns could send as well, but it takes whatever datagram comes first from wherever, gives each octet over
// TCP a time-out of its own, and leaves its sockets open across exec.
#pragma once

#include <chrono>

#include "adapters/dns/dns_message.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "tecs/octets.hpp"

namespace tecs {

// Over UDP, and over TCP when that answer is truncated; both together end by the deadline. The result matches
// the query and is not truncated. What does not match is passed over. Fails with dns_timeout when nothing
// came, with dns_error when something else did or the server cannot be reached. Any thread.
[[nodiscard]] Expected<Octets> exchange(const DnsQuery& query, const Endpoint& server,
                                        std::chrono::steady_clock::time_point deadline);

}  // namespace tecs
