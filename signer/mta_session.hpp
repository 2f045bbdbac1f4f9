// What the MTA has said in its session, what it takes the server for, and who answers for its mail.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "signer/continuation.hpp"
#include "signer/identity.hpp"
#include "signer/identity_choice.hpp"
#include "smtp/ehlo_capabilities.hpp"

namespace tecs {

// Lines are without CRLF, unless said otherwise. Not thread safe.
class MtaSession {
 public:
  // What of the server's the MTA is waiting for, and must not miss when the connection to it is a new one.
  enum class Awaits { greeting, hello_reply, nothing };

  // One that has just begun.
  explicit MtaSession(const IdentityChoice& choice);
  // One that has come to a MAIL for which there is no connection yet. held: its line with CRLF, and what may
  // follow; without, nobody answers.
  MtaSession(const IdentityChoice& choice, Continuation before, std::string_view held);

  // line: an EHLO or HELO. After the latter, the MTA is told what it would be told without the signer.
  void said_hello(std::string_view line);
  // RFC 5321 section 4.1.4: the session is as it was before.
  void hello_was_refused();
  void said_mail(std::string_view line);

  // To be said to a server, with CRLF: EHLO, whatever the MTA said; and HELO, should the server refuse that,
  // if it is what the MTA said and waits for, else empty.
  [[nodiscard]] const std::string& ehlo() const noexcept { return hello_.line; }
  [[nodiscard]] std::string helo() const;

  // Nothing as long as it is not known.
  [[nodiscard]] const std::optional<Identity>& identity() const noexcept { return identity_; }

  [[nodiscard]] Awaits awaits() const noexcept { return awaits_; }
  void was_answered() noexcept { awaits_ = Awaits::nothing; }
  // What it hears as the reply to its EHLO or HELO, with CRLF; empty if it does not wait for one.
  [[nodiscard]] std::string answer_to_hello(const EhloCapabilities& of_server, EhloCapabilities::Login login);
  // It knows what the server can do.
  [[nodiscard]] bool was_told() const noexcept { return told_.has_value(); }
  // What it was told and is true no longer; nothing when all is well, or when it is going to be told afresh.
  [[nodiscard]] std::optional<std::string> misses(const EhloCapabilities& of_server) const;

  // For a fresh connection, when it is known who answers now, another EHLO or MAIL may change that, and the
  // server takes signatures; else nothing.
  [[nodiscard]] std::optional<Continuation> continuation(const EhloCapabilities& of_server) const;

 private:
  struct Hello {
    std::string line;
    bool as_helo = false;
  };

  IdentityChoice choice_;
  Awaits awaits_ = Awaits::greeting;
  Hello hello_;
  Hello hello_before_;  // that the server took, if a later one is refused
  std::optional<Identity> identity_;
  bool by_words_;  // what the MTA says decides who answers, and may decide anew
  std::optional<EhloCapabilities> told_;
};

}  // namespace tecs
