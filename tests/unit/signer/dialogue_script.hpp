// A dialogue written down, played against SmtpDialogue. See dialogues/README.md for the words.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unit/signer/dialogue_player.hpp"

namespace tecs::test {

class DialogueScript {
 public:
  // Throws std::runtime_error for a file that cannot be read or understood.
  [[nodiscard]] static DialogueScript load(const std::filesystem::path& path);

  [[nodiscard]] Played play(Pieces pieces) const;
  // Breaks what the action of this number (from 0) works on, instead of carrying it out, and goes on in that
  // world.
  [[nodiscard]] Played play_broken(std::size_t action, Break how, World world) const;

 private:
  DialogueSetup setup_;
  std::vector<std::string> lines_;
};

}  // namespace tecs::test
