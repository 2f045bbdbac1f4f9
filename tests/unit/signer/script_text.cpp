#include "unit/signer/script_text.hpp"

#include <map>

namespace tecs::test {

void replace(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string unescaped(std::string_view text) {
  static const std::map<char, char> letters{{'0', '\0'}, {'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'\\', '\\'}};
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result.push_back(text[i] == '\\' ? letters.at(text.at(++i)) : text[i]);
  }
  return result;
}

}  // namespace tecs::test
