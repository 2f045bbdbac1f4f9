#include "milter/policy/folded_words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tecs::test {
namespace {

struct Row {
  const char* name;
  std::vector<std::string> words;
  std::string want;
};

std::string of(std::size_t length) {
  return std::string(length, 'a');
}

// "Field: " are 7 octets, TAB is one.
const Row rows[] = {
    {"no word", {}, ""},
    {"one", {"a"}, "a"},
    {"three", {"a", "b", "c"}, "a b c"},
    {"a line of 78", {of(69), "b"}, of(69) + " b"},
    {"a line of 79", {of(70), "b"}, of(70) + "\n\tb"},
    {"a second line of 78", {of(70), of(75), "b"}, of(70) + "\n\t" + of(75) + " b"},
    {"a second line of 79", {of(70), of(76), "b"}, of(70) + "\n\t" + of(76) + "\n\tb"},
    {"a first word that is too long", {of(80), "b"}, of(80) + "\n\tb"},
    {"another that is", {"a", of(80), "b"}, "a\n\t" + of(80) + "\n\tb"},
};

TEST(FoldedWords, HaveLinesOf78Octets) {
  for (const Row& row : rows) EXPECT_EQ(fold_words("Field", row.words), row.want) << row.name;
}

}  // namespace
}  // namespace tecs::test
