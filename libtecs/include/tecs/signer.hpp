// Signs a connection for one domain.
#pragma once

#include <optional>

#include "tecs/api.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/credential.hpp"
#include "tecs/epoch.hpp"
#include "tecs/error.hpp"
#include "tecs/signing_key.hpp"

namespace tecs {

// Immutable; any number of threads may sign at once.
class TECS_API Signer {
 public:
  Signer(Domain domain, std::optional<Selector> selector, SigningKey key) noexcept;

  // The tuple is the signer's own view of the connection; the epoch that of now. Fails only when the crypto
  // library does.
  [[nodiscard]] Expected<Credential> sign(const ConnectionTuple& tuple, Epoch epoch) const;

  [[nodiscard]] const Domain& domain() const noexcept { return domain_; }
  [[nodiscard]] const std::optional<Selector>& selector() const noexcept { return selector_; }

 private:
  Domain domain_;
  std::optional<Selector> selector_;
  SigningKey key_;
};

}  // namespace tecs
