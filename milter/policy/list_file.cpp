#include "milter/policy/list_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <istream>
#include <string_view>
#include <system_error>

#include "program/configuration_line.hpp"

namespace tecs {
namespace {

constexpr std::size_t longest_line = 1000;

// Empty for a line without a word.
Expected<std::string_view> word_of(std::string_view line) {
  if (line.size() > longest_line) return failure(Reason::bad_option, "a line that is too long");
  const std::string_view word = content_of_line(line);
  if (word.find_first_of(white_space) != std::string_view::npos) {
    return failure(Reason::bad_option, "one entry a line");
  }
  if (!std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7F; })) {
    return failure(Reason::bad_option, "an octet that is not printable ASCII");
  }
  return word;
}

}  // namespace

Expected<std::vector<ListWord>> read_list(std::istream& stream, const std::string& name) {
  std::vector<ListWord> words;
  std::string line;
  for (unsigned number = 1; std::getline(stream, line); ++number) {
    const std::string place = name + ":" + std::to_string(number) + ": ";
    const auto word = word_of(line);
    if (!word) return failure(word.error().reason, place + word.error().sentence);
    if (word->empty()) continue;
    if (words.size() == maximum_list_words) {
      return failure(Reason::bad_option,
                     place + "more than " + std::to_string(maximum_list_words) + " entries");
    }
    words.push_back(ListWord{number, std::string(*word)});
  }
  if (stream.bad()) return failure(Reason::bad_option, name + ": cannot be read");
  return words;
}

Expected<std::vector<ListWord>> read_list_file(const std::string& path) {
  errno = 0;
  std::ifstream stream(path);
  if (!stream) {
    return failure(Reason::bad_option, path + ": " + std::generic_category().message(errno));
  }
  return read_list(stream, path);
}

}  // namespace tecs
