#include "tools/listening_ports.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <sstream>

namespace tecs {
namespace {

constexpr const char* listening_state = "0A";
constexpr int fields_before_inode = 5;  // queues, timer, retransmissions, user, timeout
constexpr std::size_t word_digits = 8;

std::optional<std::uint32_t> hexadecimal_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Each word of an address is written as the number that this machine takes its four octets for.
template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> parse_octets(std::string_view text) {
  std::array<std::uint8_t, size> octets{};
  for (std::size_t i = 0; i < size / 4; ++i) {
    const auto word = hexadecimal_number(text.substr(i * word_digits, word_digits));
    if (!word) return std::nullopt;
    std::memcpy(octets.data() + i * 4, &*word, 4);
  }
  return octets;
}

std::optional<IpAddress> parse_address(std::string_view text) {
  if (text.size() == word_digits) {
    const auto octets = parse_octets<4>(text);
    return octets ? std::optional(IpAddress::from_ipv4(*octets)) : std::nullopt;
  }
  if (text.size() != 4 * word_digits) return std::nullopt;
  const auto octets = parse_octets<16>(text);
  return octets ? std::optional(IpAddress::from_ipv6(*octets)) : std::nullopt;
}

}  // namespace

std::vector<SignerSurroundings::OpenPort> parse_listening_ports(const std::string& text) {
  std::vector<SignerSurroundings::OpenPort> ports;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number;
    std::string local;
    std::string remote;
    std::string state;
    if (!(words >> number >> local >> remote >> state) || state != listening_state) continue;
    const std::size_t colon = local.find(':');
    if (colon == std::string::npos) continue;
    const auto address = parse_address(std::string_view(local).substr(0, colon));
    const auto port = hexadecimal_number(std::string_view(local).substr(colon + 1));
    std::string ignored;
    std::uint64_t inode = 0;
    for (int i = 0; i < fields_before_inode; ++i) words >> ignored;
    words >> inode;
    if (address && port && *port <= 65535)
      ports.push_back({*address, static_cast<std::uint16_t>(*port), inode});
  }
  return ports;
}

}  // namespace tecs
