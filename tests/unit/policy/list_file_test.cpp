#include "milter/policy/list_file.hpp"

#include <gtest/gtest.h>

#include "milter/policy/domain_list.hpp"
#include "milter/policy/network_list.hpp"
#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs::test {
namespace {

using namespace std::string_literals;

Expected<std::vector<ListWord>> read(const std::string& text) {
  return read_list(text, "list");
}

TEST(ListFile, has_one_word_a_line_and_comments) {
  const auto words = read("# ours\n192.0.2.0/24   # the old host\r\n\n \t\n  example.org\n#no\na#b");
  ASSERT_TRUE(words) << words.error().sentence;
  ASSERT_EQ(words->size(), 3U);
  EXPECT_EQ((*words)[0].line, 2U);
  EXPECT_EQ((*words)[0].text, "192.0.2.0/24");
  EXPECT_EQ((*words)[1].line, 5U);
  EXPECT_EQ((*words)[1].text, "example.org");
  EXPECT_EQ((*words)[2].text, "a#b") << "a '#' inside a word is part of it";
}

TEST(ListFile, can_be_empty) {
  for (const char* const text : {"", "\n\n", "# nobody\n"}) EXPECT_TRUE(read(text)->empty()) << text;
}

struct WrongRow {
  std::string text;
  const char* sentence;
};

TEST(ListFile, names_the_line_that_is_wrong) {
  for (const auto& [text, sentence] : {WrongRow{"a\nb c\n", "list:2: one entry a line"},
                                       {"a\n\nb\xc3\xa4\n", "list:3: an octet that is not printable ASCII"},
                                       {"a\0b\n"s, "list:1: an octet that is not printable ASCII"},
                                       {"a\x1b[31m\n", "list:1: an octet that is not printable ASCII"},
                                       {"a\n" + std::string(1001, 'b'), "list:2: a line that is too long"}}) {
    const auto words = read(text);
    ASSERT_FALSE(words) << text;
    EXPECT_EQ(words.error().reason, Reason::bad_option);
    EXPECT_EQ(words.error().sentence, sentence);
  }
}

TEST(ListFile, is_bounded) {
  std::string text;
  for (std::size_t i = 0; i < maximum_list_words; ++i) text += "a\n";
  EXPECT_EQ(read(text)->size(), maximum_list_words);
  EXPECT_EQ(read(text + "\nb\n").error().sentence, "list:100002: more than 100000 entries");
}

TEST(ListFile, that_is_not_there_is_named) {
  TemporaryDirectory directory;
  const std::string path = directory.file("absent");
  EXPECT_EQ(read_list_file(path).error().sentence, path + ": No such file or directory");
  EXPECT_FALSE(read_list_file(directory.path())) << "a directory";
}

TEST(ListFile, fills_a_list_or_names_file_and_line) {
  TemporaryDirectory directory;
  const std::string path = directory.file("list");
  write_file(path, "192.0.2.0/24\n::1\n");
  const auto networks = load_list<NetworkList>(path);
  ASSERT_TRUE(networks) << networks.error().sentence;
  EXPECT_EQ(networks->size(), 2U);
  const auto domains = load_list<DomainList>(path);
  ASSERT_FALSE(domains);
  EXPECT_EQ(domains.error().reason, Reason::bad_option);
  EXPECT_TRUE(domains.error().sentence.starts_with(path + ":1: not a domain name"))
      << domains.error().sentence;
}

}  // namespace
}  // namespace tecs::test
