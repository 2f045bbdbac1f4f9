#include "tecs/signer.hpp"

#include "tecs/signed_octets.hpp"

namespace tecs {

Signer::Signer(Domain domain, std::optional<Selector> selector, SigningKey key) noexcept
    : domain_(std::move(domain)), selector_(std::move(selector)), key_(std::move(key)) {}

Expected<Credential> Signer::sign(const ConnectionTuple& tuple, Epoch epoch) const {
  return key_.sign(sha256(SignedOctets(tuple, epoch).octets())).map([&](Octets signature) {
    return Credential{algorithm_of(key_.type()), domain_, selector_, std::move(signature)};
  });
}

}  // namespace tecs
