#include "c_api/connection.hpp"

#include <sys/socket.h>

#include <netinet/in.h>
#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "c_api/call.hpp"
#include "tecs/adapters/socket_address.hpp"
#include "tecs/challenge.hpp"

namespace tecs {
namespace {

constexpr std::size_t ipv4_octets = 4;

Expected<IpAddress> checked_address(const tecs_endpoint& endpoint) {
  if (endpoint.reserved != 0)
    return failure(Reason::bad_endpoint, "what is reserved in an end point is not 0");
  if (endpoint.family == static_cast<std::uint8_t>(AddressFamily::ipv4)) {
    if (std::any_of(std::begin(endpoint.address) + ipv4_octets, std::end(endpoint.address),
                    [](std::uint8_t octet) { return octet != 0; }))
      return failure(Reason::bad_endpoint, "an IPv4 address is followed by what is not 0");
    std::array<std::uint8_t, ipv4_octets> octets{};
    std::copy_n(endpoint.address, octets.size(), octets.begin());
    return IpAddress::from_ipv4(octets);
  }
  if (endpoint.family == static_cast<std::uint8_t>(AddressFamily::ipv6)) {
    std::array<std::uint8_t, sizeof endpoint.address> octets{};
    std::copy_n(endpoint.address, octets.size(), octets.begin());
    return IpAddress::from_ipv6(octets);
  }
  return failure(Reason::bad_endpoint, "the family of an end point is neither 4 nor 6");
}

std::size_t length_of_family(const sockaddr& address) noexcept {
  return address.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

}  // namespace

tecs_endpoint plain(const Endpoint& endpoint) noexcept {
  tecs_endpoint result{};
  result.port = endpoint.port();
  result.family = static_cast<std::uint8_t>(endpoint.address().family());
  const OctetView octets = endpoint.address().octets();
  std::copy(octets.begin(), octets.end(), std::begin(result.address));
  return result;
}

Expected<Endpoint> checked(const tecs_endpoint& endpoint) {
  return checked_address(endpoint).and_then(
      [&](const IpAddress& address) { return Endpoint::make(address, endpoint.port); });
}

Expected<ConnectionTuple> checked(const tecs_tuple& tuple) {
  const auto destination = checked(tuple.destination);
  if (!destination)
    return failure(destination.error().reason, "destination: " + destination.error().sentence);
  const auto source = checked(tuple.source);
  if (!source) return failure(source.error().reason, "source: " + source.error().sentence);
  return ConnectionTuple::make(*destination, *source);
}

Expected<std::vector<ConnectionTuple>> checked(std::span<const tecs_tuple> tuples) {
  std::vector<ConnectionTuple> result;
  result.reserve(tuples.size());
  for (const tecs_tuple& tuple : tuples) {
    const auto next = checked(tuple);
    if (!next) {
      return failure(next.error().reason,
                     "candidate " + std::to_string(result.size()) + ": " + next.error().sentence);
    }
    result.push_back(*next);
  }
  return result;
}

Expected<std::chrono::sys_seconds> checked_time(std::int64_t time) {
  const std::chrono::sys_seconds result{std::chrono::seconds{time}};
  if (result < std::chrono::sys_seconds{} || result > Challenge::latest_time)
    return failure(Reason::bad_option, "time is not a Unix time from 0 to 253402300799");
  return result;
}

}  // namespace tecs

using tecs::Expected;

int tecs_endpoint_parse(const char* text, tecs_endpoint* endpoint, tecs_error** error) {
  return tecs::done(error, [&]() -> Expected<void> {
    if (text == nullptr) return tecs::missing("text");
    if (endpoint == nullptr) return tecs::missing("endpoint");
    return tecs::Endpoint::parse(text).map([&](const tecs::Endpoint& e) { *endpoint = tecs::plain(e); });
  });
}

int tecs_endpoint_from_sockaddr(const struct sockaddr* address, size_t length, tecs_endpoint* endpoint,
                                tecs_error** error) {
  return tecs::done(error, [&]() -> Expected<void> {
    if (address == nullptr) return tecs::missing("address");
    if (endpoint == nullptr) return tecs::missing("endpoint");
    if (length < sizeof(sa_family_t) || length < tecs::length_of_family(*address))
      return tecs::failure(tecs::Reason::bad_endpoint, "the address is shorter than one of its family");
    return tecs::SocketAddress::of(address).endpoint().map(
        [&](const tecs::Endpoint& e) { *endpoint = tecs::plain(e); });
  });
}

int tecs_endpoint_format(const tecs_endpoint* endpoint, char* text, tecs_error** error) {
  return tecs::done(error, [&]() -> Expected<void> {
    if (endpoint == nullptr) return tecs::missing("endpoint");
    if (text == nullptr) return tecs::missing("text");
    return tecs::checked(*endpoint).map([&](const tecs::Endpoint& checked) {
      const std::string formatted = checked.format();  // 47 octets at most, of TECS_ENDPOINT_SIZE
      *std::copy(formatted.begin(), formatted.end(), text) = '\0';
    });
  });
}
