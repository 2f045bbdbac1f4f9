#include "verdicts/reputation_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "unit/verdicts/sqlite_file.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class ReputationFromFile : public testing::Test {
 protected:
  Expected<std::unique_ptr<ReputationFile>> load(const std::string& text) const {
    test::write_file(path, text);
    return ReputationFile::load(path);
  }
  static std::string state(ReputationFile& file, const std::string& domain) {
    const auto found = file.lookup(domain, 0ms);
    return !found ? found.error().sentence : found->reputation ? std::string(word(*found->reputation)) : "-";
  }

  test::TemporaryDirectory directory;
  const std::string path = directory.file("reputation.list");
};

TEST_F(ReputationFromFile, IsALineADomain) {
  const auto file = load(
      "# who writes to us\n"
      "\n"
      "example.org good\n"
      "  Example.NET\tMEDIUM   # since March\r\n"
      "bad.example bad#\n"
      "bad.example bad\n"
      "new.example unknown");
  ASSERT_TRUE(file) << file.error().sentence;
  EXPECT_EQ(state(**file, "example.org"), "good");
  EXPECT_EQ(state(**file, "example.net"), "medium");
  EXPECT_EQ(state(**file, "bad.example"), "bad");
  EXPECT_EQ(state(**file, "new.example"), "unknown");
  EXPECT_EQ((*file)->size(), 4U);
}

TEST_F(ReputationFromFile, KnowsExactNamesOnly) {
  const auto file = load("example.org good\n");
  ASSERT_TRUE(file) << file.error().sentence;
  for (const std::string other : {"mail.example.org", "org", "xample.org", "example.orgs", "", "EXAMPLE.ORG"})
    EXPECT_EQ(state(**file, other), "-") << other;
}

TEST_F(ReputationFromFile, MayBeEmpty) {
  for (const std::string text : {"", "\n", "# nobody\n"}) {
    const auto file = load(text);
    ASSERT_TRUE(file) << file.error().sentence;
    EXPECT_EQ(state(**file, "example.org"), "-");
  }
}

TEST_F(ReputationFromFile, NamesTheLineThatIsWrong) {
  const std::string state_is_missing = "behind the domain stands one of good, medium, bad and unknown";
  struct Row {
    std::string_view test;
    std::string line;
    std::string want;
  };
  for (const Row& row : {
           Row{"no state", "example.com", state_is_missing},
           Row{"another word", "example.com worse", state_is_missing},
           Row{"a word too many", "example.com good bad", state_is_missing},
           Row{"an equals sign", "example.com=good", "not a domain name"},
           Row{"one label", "com bad", "not a domain name"},
           Row{"a final dot", "example.com. bad", "not a domain name"},
           Row{"an octet that is not ASCII", "ex\xc3\xa4mple.com bad", "not a domain name"},
           Row{"a NUL", std::string("a\0.com bad", 10), "not a domain name"},
           Row{"another state than above", "example.org bad",
               "this domain stands above with another reputation"},
           Row{"a long line", "example.com good " + std::string(1010, ' '),
               "a line of more than 1024 octets"},
       }) {
    for (const std::string ending : {"\n", "\nexample.net good\n"}) {
      const auto file = load("example.org good\n# comment\n" + row.line + ending);
      ASSERT_FALSE(file) << row.test;
      EXPECT_EQ(file.error().reason, Reason::bad_option) << row.test;
      EXPECT_EQ(file.error().sentence.substr(0, path.size() + 4 + row.want.size()), path + ":3: " + row.want)
          << row.test;
    }
  }
}

TEST_F(ReputationFromFile, ALineOfAllThatFitsIsRead) {
  const auto file = load("example.org good # " + std::string(1005, 'x') + "\nexample.net bad");
  ASSERT_TRUE(file) << file.error().sentence;
  EXPECT_EQ(state(**file, "example.net"), "bad");
}

TEST_F(ReputationFromFile, SaysWhyItCannotBeRead) {
  EXPECT_EQ(ReputationFile::load(path).error().sentence, path + " cannot be read: No such file or directory");
  EXPECT_EQ(ReputationFile::load(directory.path()).error().sentence,
            directory.path().string() + " cannot be read: it is not a plain file");
  EXPECT_EQ(ReputationFile::load("/dev/zero").error().sentence,
            "/dev/zero cannot be read: it is not a plain file");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(ReputationFile::load(path).error().sentence, path + " cannot be read: it is not a plain file");
}

TEST_F(ReputationFromFile, IsBounded) {
  test::write_file(path, "");
  std::filesystem::resize_file(path, ReputationFile::maximum_octets + 1);  // of holes
  EXPECT_EQ(ReputationFile::load(path).error().sentence, path + " cannot be read: it is larger than 256 MiB");
}

TEST_F(ReputationFromFile, HoldsVeryMany) {
  constexpr unsigned count = 100'000;
  constexpr std::array words{"unknown", "good", "medium", "bad"};
  std::ofstream stream(path);
  for (unsigned i = 0; i < count; ++i) stream << 'd' << i << ".example.org " << words.at(i % 4) << '\n';
  stream.close();
  const auto file = ReputationFile::load(path);
  ASSERT_TRUE(file) << file.error().sentence;
  EXPECT_EQ((*file)->size(), count);
  for (unsigned i = 0; i < count; i += 997)
    EXPECT_EQ(state(**file, "d" + std::to_string(i) + ".example.org"), words.at(i % 4)) << i;
  EXPECT_EQ(state(**file, "d" + std::to_string(count) + ".example.org"), "-");
}

}  // namespace
}  // namespace tecs
