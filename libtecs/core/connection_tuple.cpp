#include "tecs/connection_tuple.hpp"

namespace tecs {

Expected<ConnectionTuple> ConnectionTuple::make(const Endpoint& destination, const Endpoint& source) {
  if (destination.address().family() != source.address().family()) {
    return failure(Reason::family_mismatch, "one end is IPv4 and the other IPv6");
  }
  return ConnectionTuple(destination, source);
}

}  // namespace tecs
