// What a check of somebody's configuration found, and the line that mends it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tecs {

enum class Severity : std::uint8_t {
  unsafe,  // a stranger gets what only users should have
  broken,  // mail or signatures do not get through
  advice,  // it works, and could be better
};

[[nodiscard]] constexpr std::string_view word(Severity severity) noexcept {
  constexpr std::string_view words[] = {"unsafe", "broken", "advice"};
  return words[static_cast<std::size_t>(severity)];
}

// What a rule says; the rest of a finding follows from where the change belongs.
struct Fault {
  Severity severity;
  std::string word;
  std::string problem;
  std::string reason;
};

// Plain value. All texts are as they stand in the configuration, which can hold any octet.
struct Finding {
  Severity severity{};
  std::string word;     // what is wrong, for scripts: "relay-by-login"
  std::string subject;  // what it is wrong with: "smtp/inet", a service of master.cf
  std::string problem;  // a sentence
  std::string reason;   // a sentence: what comes of it
  std::string file;
  unsigned line = 0;      // of the file, from 1; 0: anywhere in it
  bool replaces = false;  // the change takes the place of that line; else it is added below it
  std::string change;     // the line itself
};

}  // namespace tecs
