// How a dialogue came out.
#pragma once

#include <optional>
#include <string>

#include "signer/continuation.hpp"
#include "signer/identity.hpp"

namespace tecs {

// For the log, the metrics and the pump. Plain value.
struct DialogueOutcome {
  enum class Ending { failed, not_signed, is_signed };
  Ending ending = Ending::failed;
  std::string reason;       // why it is not signed; printable
  std::string tls_failure;  // why there is no TLS although it was tried or demanded; printable
  bool refused = false;     // the server did not take a signature
  Identity identity;  // that answers for the mail, signed or not; empty: nobody, or it did not come to that
  // When the next transaction may be another party's: what a fresh connection for that one must know. The
  // pump must then be watched, and nothing of another party's transaction may go over this connection.
  std::optional<Continuation> watch;
};

}  // namespace tecs
