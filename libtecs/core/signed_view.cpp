#include "tecs/signed_view.hpp"

namespace tecs {

SignedView signed_view(const SignedView& own, const std::optional<Challenge>& challenge,
                       std::chrono::milliseconds skew) {
  if (!challenge) return own;
  const auto seen = ConnectionTuple::make(own.tuple.destination(), challenge->client);
  return {seen.value_or(own.tuple),
          std::chrono::abs(challenge->time - own.time) <= skew ? challenge->time : own.time};
}

}  // namespace tecs
