#include "tecs/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace tecs {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

Expected<IpAddress> IpAddress::parse(std::string_view text) {
  // The longest form, "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", has 45 octets.
  const std::string copy(text.substr(0, 46));
  std::array<std::uint8_t, 16> octets{};
  if (copy.size() == text.size() && copy.find('\0') == std::string::npos) {
    std::array<std::uint8_t, 4> ipv4{};
    if (inet_pton(AF_INET, copy.c_str(), ipv4.data()) == 1) return from_ipv4(ipv4);
    if (inet_pton(AF_INET6, copy.c_str(), octets.data()) == 1) return from_ipv6(octets);
  }
  return failure(Reason::bad_endpoint, "not an IPv4 or IPv6 address");
}

IpAddress IpAddress::from_ipv4(const std::array<std::uint8_t, 4>& octets) noexcept {
  std::array<std::uint8_t, 16> all{};
  std::copy(octets.begin(), octets.end(), all.begin());
  return {AddressFamily::ipv4, all};
}

IpAddress IpAddress::from_ipv6(const std::array<std::uint8_t, 16>& octets) noexcept {
  if (std::equal(mapped_prefix.begin(), mapped_prefix.end(), octets.begin())) {
    return from_ipv4({octets[12], octets[13], octets[14], octets[15]});
  }
  return {AddressFamily::ipv6, octets};
}

bool IpAddress::unspecified() const noexcept {
  return std::all_of(octets_.begin(), octets_.end(), [](std::uint8_t octet) { return octet == 0; });
}

bool IpAddress::loopback() const noexcept {
  if (family_ == AddressFamily::ipv4) return octets_[0] == 127;
  return octets_.back() == 1 &&
         std::all_of(octets_.begin(), octets_.end() - 1, [](std::uint8_t o) { return o == 0; });
}

std::string IpAddress::format() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family_ == AddressFamily::ipv4 ? AF_INET : AF_INET6, octets_.data(), text.data(), text.size());
  return text.data();
}

}  // namespace tecs
