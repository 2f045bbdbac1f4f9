// The first lines of a script: what holds before anybody speaks. See dialogues/README.md.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "signer/smtp_dialogue.hpp"

namespace tecs::test {

// Signs for this domain, always the same for the same one; for "unsigned", nobody.
[[nodiscard]] Identity identity_of(const std::string& domain);
// Of an MTA at 192.0.2.1 that came to 127.0.0.1:10025.
[[nodiscard]] IdentityChoice choice_among(const IdentityTable& identities);

class DialogueSetup {
 public:
  // False for a line that is not of the setup. Throws std::runtime_error for one that cannot be understood.
  bool take(const std::string& line);

  [[nodiscard]] const ConnectionTerms& terms() const noexcept { return terms_; }
  // False when it matters how the input is cut.
  [[nodiscard]] bool in_pieces() const noexcept { return in_pieces_; }
  [[nodiscard]] bool silent() const noexcept { return !held_.empty(); }
  // These use this object's identities.
  [[nodiscard]] IdentityChoice choice() const;
  [[nodiscard]] SmtpDialogue make_dialogue() const;

 private:
  void add_identity(const std::string& words);

  ConnectionTerms terms_{};
  bool in_pieces_ = true;
  std::optional<IdentityTable> identities_{};
  std::string hello_{};
  std::string told_{};
  std::string held_{};
};

}  // namespace tecs::test
