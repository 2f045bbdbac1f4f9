#include "tecs/digest.hpp"

#include "core/crypto.hpp"

namespace tecs {

Digest sha256(OctetView octets) {
  return Crypto::sha256(octets);
}

}  // namespace tecs
