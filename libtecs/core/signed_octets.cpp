#include "tecs/signed_octets.hpp"

#include <algorithm>
#include <string_view>

namespace tecs {
namespace {

// Keeps the signature apart from DKIM's when one key serves both (PROTOCOL section 3).
constexpr std::string_view prefix{"TECS-1\0", 7};

template <typename Integer, typename Output>
Output write_big_endian(Integer value, Output out) {
  for (int shift = (static_cast<int>(sizeof value) - 1) * 8; shift >= 0; shift -= 8) {
    *out++ = static_cast<std::uint8_t>(value >> shift);
  }
  return out;
}

template <typename Output>
Output write_endpoint(const Endpoint& end, Output out) {
  const OctetView address = end.address().octets();
  *out++ = static_cast<std::uint8_t>(end.address().family());
  out = std::copy(address.begin(), address.end(), out);
  return write_big_endian(end.port(), out);
}

}  // namespace

SignedOctets::SignedOctets(const ConnectionTuple& tuple, Epoch epoch) noexcept {
  auto out = std::copy(prefix.begin(), prefix.end(), octets_.begin());
  out = write_endpoint(tuple.destination(), out);
  out = write_endpoint(tuple.source(), out);
  out = write_big_endian(static_cast<std::uint64_t>(epoch.time().time_since_epoch().count()), out);
  size_ = static_cast<std::size_t>(out - octets_.begin());
}

}  // namespace tecs
