// What stands between client and server, hears every line, and may change it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fuzz/choices.hpp"
#include "tecs/base64.hpp"
#include "tecs/octets.hpp"

namespace tecs::test {

class ManInTheMiddle {
 public:
  explicit ManInTheMiddle(Choices& choices) noexcept : choices_(choices) {}

  // A line without its end, and what arrives of it.
  [[nodiscard]] std::string pass(const std::string& line) {
    heard_.push_back(line);
    switch (choices_.below(8)) {
      case 0:
        return edited(line);
      case 1:
        return with_last_word(line, encode_base64(octets_of(edited(decoded(last_word(line))))));
      case 2:
        return with_last_word(line, last_word(any_heard()));
      case 3:
        return any_heard();
      default:
        return line;
    }
  }

  // A credential, a challenge, or what else was at the end of a line.
  [[nodiscard]] std::string any_word() { return last_word(any_heard()); }

  [[nodiscard]] std::string edited(std::string text) {
    const std::size_t position = choices_.position(text.size());
    switch (choices_.below(4)) {
      case 0:
        return text.insert(position, choices_.octets(32));
      case 1:
        return text.erase(position, 1 + choices_.below(64));
      case 2:
        return text.replace(position, 1, choices_.octets(1));
      default:  // d=, s= or c= of another one
        return text.substr(0, position) + tail(decoded(any_word()));
    }
  }

 private:
  std::string tail(const std::string& text) { return text.substr(choices_.position(text.size())); }
  static std::string decoded(const std::string& word) {
    const auto octets = decode_base64(word);
    return octets ? std::string(text_of(*octets)) : word;
  }
  static std::string last_word(std::string_view line) {
    const std::size_t space = line.rfind(' ');
    return std::string(space == std::string_view::npos ? line : line.substr(space + 1));
  }
  static std::string with_last_word(const std::string& line, const std::string& word) {
    return line.substr(0, line.size() - last_word(line).size()) + word;
  }
  std::string any_heard() { return heard_.empty() ? std::string() : heard_[choices_.below(heard_.size())]; }

  Choices& choices_;
  std::vector<std::string> heard_{};
};

}  // namespace tecs::test
