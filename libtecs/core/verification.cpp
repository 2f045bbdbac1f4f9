#include "tecs/verification.hpp"

namespace tecs {

std::string Verification::detail() const {
  return error ? error->sentence : std::string(word(result));
}

Verification failed_verification(Error error) {
  Verification verification;
  verification.result = result_of(error.reason);
  verification.error = std::move(error);
  return verification;
}

}  // namespace tecs
