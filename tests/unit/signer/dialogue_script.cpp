#include "unit/signer/dialogue_script.hpp"

#include <fstream>
#include <stdexcept>

namespace tecs::test {

DialogueScript DialogueScript::load(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  DialogueScript script;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (script.lines_.empty() && script.setup_.take(line)) continue;
    script.lines_.push_back(line);
  }
  return script;
}

Played DialogueScript::play(Pieces pieces) const {
  DialoguePlayer player(setup_, setup_.in_pieces() ? pieces : Pieces::whole);
  for (const std::string& line : lines_) {
    if (!player.play(line)) {
      player.played().failure = "at \"" + line + "\": " + player.played().failure;
      return player.played();
    }
  }
  player.finish();
  return player.played();
}

Played DialogueScript::play_broken(std::size_t action, Break how, World world) const {
  DialoguePlayer player(setup_, Pieces::whole, DialoguePlayer::Breakage{action, how});
  for (const std::string& line : lines_) {
    if (player.played().broken) break;
    (void)player.play(line);
  }
  player.played().failure.clear();
  player.play_on(world);
  const std::string failure = player.played().failure;
  player.finish();
  player.played().failure = failure;
  return player.played();
}

}  // namespace tecs::test
