#include "milter/policy/list_file.hpp"

#include "program/text_lines.hpp"

namespace tecs {

Expected<std::vector<ListWord>> read_list(std::string_view text, const std::string& name) {
  const auto lines = text_lines(text, name, {.maximum_lines = maximum_list_words});
  if (!lines) return tl::unexpected(lines.error());
  std::vector<ListWord> words;
  for (const TextLine& line : *lines) {
    if (words_of_line(line.content).size() > 1) {
      return failure_in_line(name, line.number, {Reason::bad_option, "one entry a line"});
    }
    words.push_back(ListWord{line.number, std::string(line.content)});
  }
  return words;
}

Expected<std::vector<ListWord>> read_list_file(const std::string& path) {
  return read_text(path).and_then([&path](const std::string& text) { return read_list(text, path); });
}

}  // namespace tecs
