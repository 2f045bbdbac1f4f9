// A dialogue written down, played against SmtpDialogue. See dialogues/README.md for the words.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "signer/smtp_dialogue.hpp"

namespace tecs::test {

enum class Pieces { whole, octets };
enum class Break { closed, timed_out };
// What is there once a connection was broken on purpose: nobody, or a server that only does plain SMTP.
enum class World { gone, plain };

// What the MTA and the outcome looked like at the end.
struct Played {
  std::string failure;  // empty: all went as written
  std::size_t actions = 0;
  bool broken = false;  // the action to break was reached
  bool mta_gone = false;
  std::string to_mta;  // all that the MTA was sent
  NextAction::Kind last = NextAction::Kind::close;
  DialogueOutcome outcome{};
};

class DialogueScript {
 public:
  // Throws std::runtime_error for a file that cannot be read or understood.
  [[nodiscard]] static DialogueScript load(const std::filesystem::path& path);

  [[nodiscard]] Played play(Pieces pieces) const;
  // Breaks what the action of this number (from 0) works on, instead of carrying it out, and goes on in that
  // world.
  [[nodiscard]] Played play_broken(std::size_t action, Break how, World world) const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace tecs::test
