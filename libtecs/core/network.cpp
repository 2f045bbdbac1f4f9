#include "tecs/network.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tecs {
namespace {

constexpr unsigned ipv4_bits = 32;
constexpr unsigned ipv6_bits = 128;
constexpr unsigned mapped_bits = ipv6_bits - ipv4_bits;

unsigned bits_of(AddressFamily family) noexcept {
  return family == AddressFamily::ipv4 ? ipv4_bits : ipv6_bits;
}

// All bits after the first ones are zero in what comes back.
template <std::size_t count>
std::array<std::uint8_t, count> masked(OctetView octets, unsigned bits) noexcept {
  std::array<std::uint8_t, count> result{};
  for (std::size_t index = 0; index < count; ++index) {
    const auto before = static_cast<unsigned>(index * 8);
    const unsigned kept = bits > before ? std::min(bits - before, 8U) : 0;
    result[index] = static_cast<std::uint8_t>(octets[index] & (0xFF00U >> kept));
  }
  return result;
}

std::optional<unsigned> parse_bits(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc{} || end != text.data() + text.size() || bits > most) return std::nullopt;
  return bits;
}

}  // namespace

Expected<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address_text = text.substr(0, slash);
  const auto address = IpAddress::parse(address_text);
  if (!address) return failure(Reason::bad_option, "not an address or a network such as 192.0.2.0/24");
  if (slash == std::string_view::npos) return around(*address, ipv6_bits);

  const bool mapped =
      address->family() == AddressFamily::ipv4 && address_text.find(':') != std::string_view::npos;
  auto bits = parse_bits(text.substr(slash + 1), mapped ? ipv6_bits : bits_of(address->family()));
  if (bits && mapped) bits = *bits < mapped_bits ? std::nullopt : std::optional(*bits - mapped_bits);
  if (!bits) return failure(Reason::bad_option, "not a network: the number after the slash is wrong");
  const Network network = around(*address, *bits);
  if (network.address_ != *address) {
    return failure(Reason::bad_option, "bits are set beyond the network; did you mean " + network.format());
  }
  return network;
}

Network Network::around(const IpAddress& address, unsigned bits) noexcept {
  const unsigned kept = std::min(bits, bits_of(address.family()));
  if (address.family() == AddressFamily::ipv4) {
    return {IpAddress::from_ipv4(masked<4>(address.octets(), kept)), kept};
  }
  return {IpAddress::from_ipv6(masked<16>(address.octets(), kept)), kept};
}

bool Network::contains(const IpAddress& address) const noexcept {
  return address.family() == address_.family() && around(address, bits_) == *this;
}

std::string Network::format() const {
  return address_.format() + "/" + std::to_string(bits_);
}

}  // namespace tecs
