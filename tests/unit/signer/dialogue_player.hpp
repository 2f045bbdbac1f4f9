// Carries out what a SmtpDialogue wants, with what a script says that the others say.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "signer/smtp_dialogue.hpp"
#include "unit/signer/dialogue_invariants.hpp"
#include "unit/signer/dialogue_setup.hpp"

namespace tecs::test {

enum class Pieces { whole, octets };
enum class Break { closed, timed_out };
// What is there once a connection was broken on purpose: nobody, or a server that only does plain SMTP.
enum class World { gone, plain };

// What the MTA and the outcome looked like at the end.
struct Played {
  std::string failure;    // empty: all went as written
  std::string violation;  // of an invariant; empty: none
  std::size_t actions = 0;
  bool broken = false;  // the action to break was reached
  bool mta_gone = false;
  std::string to_mta;  // all that the MTA was sent
  NextAction::Kind last = NextAction::Kind::close;
  DialogueOutcome outcome{};
};

class DialoguePlayer {
 public:
  struct Breakage {
    std::size_t action;
    Break how;
  };
  // The setup must outlive it.
  DialoguePlayer(const DialogueSetup& setup, Pieces pieces, std::optional<Breakage> breakage = std::nullopt)
      : setup_(setup), pieces_(pieces), breakage_(breakage) {
    take(dialogue_.start());
  }

  // One line of the script; false, with a failure, when the dialogue does something else.
  bool play(const std::string& line);
  // The rest of a dialogue in which something was broken.
  void play_on(World world);

  [[nodiscard]] Played& played() { return played_; }
  [[nodiscard]] bool over() const {
    return action_.kind == NextAction::Kind::pump || action_.kind == NextAction::Kind::close;
  }
  void finish();

 private:
  void take(NextAction action);
  [[nodiscard]] NextAction broken();
  void run();
  bool want(NextAction::Kind kind);
  bool fail(const std::string& sentence);
  bool receive(const std::string& party, const std::string& octets);
  bool expect_sent(const std::string& party, const std::string& octets);
  [[nodiscard]] std::optional<NextAction::Kind> action_of(const std::string& line);
  [[nodiscard]] std::optional<NextAction> event(const std::string& line, const std::string& rest);
  [[nodiscard]] NextAction connected();
  [[nodiscard]] NextAction tls_established();
  [[nodiscard]] NextAction sign(const std::string& words);
  bool expect_outcome(const std::string& word, const std::string& rest);
  void feed(std::string& inbox, NextAction (SmtpDialogue::*member)(std::string_view));
  [[nodiscard]] NextAction answer(const std::string& plain_reply);

  const DialogueSetup& setup_;
  SmtpDialogue dialogue_{setup_.make_dialogue()};
  DialogueInvariants invariants_{setup_};
  Pieces pieces_;
  std::optional<Breakage> breakage_;
  NextAction action_{.kind = NextAction::Kind::close};
  std::map<std::string, std::string> inbox_;  // what the parties sent and the signer has not read
  std::map<std::string, std::string> sent_;   // what they were sent and the script has not mentioned
  std::string credential_;
  std::string short_credential_;
  bool watch_expected_ = false;
  Played played_;
};

}  // namespace tecs::test
