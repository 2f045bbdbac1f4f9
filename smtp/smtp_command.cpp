#include "smtp/smtp_command.hpp"

#include <algorithm>
#include <array>

namespace tecs {
namespace {

constexpr std::string_view blanks = " \t";

}  // namespace

std::string verb_of(std::string_view line) {
  return upper_case(line.substr(0, line.find_first_of(blanks)));
}

std::string_view argument_of(std::string_view line) noexcept {
  line.remove_prefix(std::min(line.find_first_of(blanks), line.size()));
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  return line.substr(0, line.find_first_of(blanks));
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return upper;
}

bool changes_nothing(std::string_view verb) noexcept {
  static constexpr std::array<std::string_view, 5> verbs{"NOOP", "RSET", "HELP", "VRFY", "EXPN"};
  return std::ranges::find(verbs, verb) != verbs.end();
}

}  // namespace tecs
