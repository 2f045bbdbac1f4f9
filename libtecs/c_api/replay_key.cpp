#include "c_api/replay_key.hpp"

#include <string_view>

#include "tecs/digest.hpp"
#include "tecs/octets.hpp"
#include "tecs/signed_octets.hpp"

namespace tecs {

std::string replay_key(const ConnectionTuple& tuple, Epoch epoch, const Domain& domain) {
  // The signed octets are of one of two lengths, which the family among them tells: nothing is ambiguous.
  const SignedOctets octets(tuple, epoch);
  const std::string text = std::string(text_of(octets.octets())) + domain.text();
  constexpr std::string_view digits = "0123456789abcdef";
  std::string key;
  for (const std::uint8_t octet : sha256(octets_of(text))) {
    key.push_back(digits[octet >> 4U]);
    key.push_back(digits[octet & 15U]);
  }
  return key;
}

std::chrono::sys_seconds replay_expiry(Epoch epoch, int tolerance) noexcept {
  return epoch.moved(tolerance).time() + Epoch::step / 2;
}

}  // namespace tecs
