#include "smtp/smtp_command.hpp"

#include <algorithm>
#include <array>

namespace tecs {

std::string verb_of(std::string_view line) {
  std::string verb(line.substr(0, line.find(' ')));
  std::ranges::transform(verb, verb.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return verb;
}

bool changes_nothing(std::string_view verb) noexcept {
  static constexpr std::array<std::string_view, 5> verbs{"NOOP", "RSET", "HELP", "VRFY", "EXPN"};
  return std::ranges::find(verbs, verb) != verbs.end();
}

}  // namespace tecs
