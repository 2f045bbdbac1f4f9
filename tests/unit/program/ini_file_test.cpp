#include "program/ini_file.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace tecs {
namespace {

Expected<std::vector<IniEntry>> read(const std::string& text) {
  std::istringstream stream(text);
  return read_ini(stream, "tecs.conf");
}

TEST(IniFile, ReadsKeysAndValues) {
  struct Row {
    std::string name;
    std::string text;
    std::string want_key;
    std::string want_value;
  };
  for (const Row& row : {
           Row{"plain", "log-level = debug\n", "log-level", "debug"},
           Row{"no spaces", "log-level=debug\n", "log-level", "debug"},
           Row{"tabs around", "\tlog-level\t=\tdebug\t\n", "log-level", "debug"},
           Row{"no final line break", "log-level = debug", "log-level", "debug"},
           Row{"line ends of another system", "log-level = debug\r\n", "log-level", "debug"},
           Row{"space inside is kept", "name = a  b\n", "name", "a  b"},
           Row{"only the first = counts", "store = file:x?mode=ro\n", "store", "file:x?mode=ro"},
           Row{"empty", "name =\n", "name", ""},
           Row{"comment after the value", "name = a # b\n", "name", "a"},
           Row{"# inside a word is no comment", "name = a#b\n", "name", "a#b"},
           Row{"# at the start of the value is one", "name = #b\n", "name", ""},
       }) {
    SCOPED_TRACE(row.name);
    const auto entries = read(row.text);
    ASSERT_TRUE(entries) << entries.error().sentence;
    ASSERT_EQ(entries->size(), 1U);
    EXPECT_EQ(entries->front().key, row.want_key);
    EXPECT_EQ(entries->front().value, row.want_value);
  }
}

TEST(IniFile, CountsLines) {
  const auto entries = read("# what this is\n\na = 1\n   # indented\nb = 2\na = 3\n");
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[0].line, 3U);
  EXPECT_EQ((*entries)[1].line, 5U);
  EXPECT_EQ((*entries)[2].line, 6U);
}

TEST(IniFile, AnEmptyFileHasNoEntries) {
  const auto entries = read("");
  ASSERT_TRUE(entries);
  EXPECT_TRUE(entries->empty());
}

TEST(IniFile, NamesFileAndLineOfWhatIsWrong) {
  struct Row {
    std::string name;
    std::string text;
    std::string want;
  };
  for (const Row& row : {
           Row{"no =", "a = 1\nnonsense\n", "tecs.conf:2: expected \"key = value\""},
           Row{"section", "\n[signer]\n", "tecs.conf:2: sections are not used here"},
           Row{"no key", "= 1\n",
               "tecs.conf:1: expected a key of lower-case letters, digits and hyphens before \"=\""},
           Row{"capitals", "Log = 1\n",
               "tecs.conf:1: expected a key of lower-case letters, digits and hyphens before \"=\""},
           Row{"terminal escape in the key", "\x1b[31m = 1\n",
               "tecs.conf:1: expected a key of lower-case letters, digits and hyphens before \"=\""},
           Row{"NUL", std::string("a = 1\0002\n", 8), "tecs.conf:1: a NUL in the value of a"},
       }) {
    SCOPED_TRACE(row.name);
    const auto entries = read(row.text);
    ASSERT_FALSE(entries);
    EXPECT_EQ(entries.error().reason, Reason::bad_option);
    EXPECT_EQ(entries.error().sentence, row.want);
  }
}

TEST(IniFile, SaysWhyAFileCannotBeRead) {
  const auto missing = read_ini_file("/nonexistent/tecs.conf");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().sentence, "/nonexistent/tecs.conf: No such file or directory");

  const auto folder = read_ini_file("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().sentence, "/: cannot be read");
}

}  // namespace
}  // namespace tecs
