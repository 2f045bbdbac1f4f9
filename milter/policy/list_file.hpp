// Lists that an administrator keeps in files: one word a line. A '#' at the start of a line or after white
// space begins a comment; empty lines do not count.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tecs/error.hpp"

namespace tecs {

// More than that is no list somebody keeps by hand, and whoever fills it could fill our memory.
inline constexpr std::size_t maximum_list_words = 100'000;

struct ListWord {
  unsigned line;  // from 1
  std::string text;
};

// In the order of the file. name is what errors call the file. Fails with bad_option and a sentence that
// begins "name:line: ": for two words in a line, a line or a list that is too long, an octet that is not
// printable ASCII.
[[nodiscard]] Expected<std::vector<ListWord>> read_list(std::string_view text, const std::string& name);

// The same from a file. Fails with bad_option also when it cannot be read.
[[nodiscard]] Expected<std::vector<ListWord>> read_list_file(const std::string& path);

// Reads a file whose words are what List::add() takes. An error of add() gets file and line.
template <typename List>
[[nodiscard]] Expected<List> load_list(const std::string& path) {
  const auto words = read_list_file(path);
  if (!words) return tl::unexpected(words.error());
  List list;
  for (const ListWord& word : *words) {
    if (const auto added = list.add(word.text); !added) {
      return failure(added.error().reason,
                     path + ":" + std::to_string(word.line) + ": " + added.error().sentence);
    }
  }
  return list;
}

}  // namespace tecs
