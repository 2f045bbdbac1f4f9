// What holds for every dialogue of the signer, whatever the two strangers say and whatever breaks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "signer/smtp_dialogue.hpp"
#include "unit/signer/dialogue_setup.hpp"

namespace tecs::test {

// Is shown every action of one dialogue, and what the driver answered where that counts. Not thread safe.
class DialogueInvariants {
 public:
  // Uses the identities of the setup.
  explicit DialogueInvariants(const DialogueSetup& setup)
      : choice_(setup.choice()), silent_(setup.silent()) {}

  void connected(const ConnectionTerms& terms) { terms_ = terms; }
  void tls_established() { tls_up_ = true; }

  // A sentence about what must not be; empty when all is well.
  [[nodiscard]] std::string check(const NextAction& action, const DialogueOutcome& outcome);

 private:
  [[nodiscard]] std::string check_connect();
  [[nodiscard]] std::string check_to_upstream(std::string_view octets) const;
  [[nodiscard]] std::string check_sign(const NextAction& action);
  [[nodiscard]] std::string check_pump(const NextAction& action, const DialogueOutcome& outcome) const;
  [[nodiscard]] std::string check_watch(const DialogueOutcome& outcome) const;
  [[nodiscard]] std::string check_close(const NextAction& action, const DialogueOutcome& outcome) const;

  // The first, one without TLS, one without AUTH.
  static constexpr int maximum_connections = 3;

  IdentityChoice choice_;
  bool silent_;  // the dialogue takes the place of an earlier connection
  ConnectionTerms terms_{};
  bool tls_up_ = false;
  int connections_ = 0;
  Identity signed_as_{};  // on this connection
};

}  // namespace tecs::test
