#include "signer/identity_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

std::string describe(const IdentityLine& line) {
  const std::string match = std::to_string(line.number) + " " + line.match.format();
  if (!line.signing) return match + " unsigned";
  const auto& [domain, selector, key_path] = *line.signing;
  return match + " " + domain.text() + " " + (selector ? selector->text() : "-") + " " + key_path;
}

TEST(IdentityLines, have_columns_and_comments) {
  const auto lines = parse_identities(
      "# our customers\n"
      "\n"
      "sender:Example.ORG\tExample.ORG  S1 keys/example.org.pem  # since May\r\n"
      "  source:192.0.2.0/24  example.net - /etc/keys/example.net.pem\n"
      "sender:<> unsigned # bounces\n"
      "default example.com - ../key.pem",
      "/etc/tecs/identities");
  ASSERT_TRUE(lines) << lines.error().sentence;
  ASSERT_EQ(lines->size(), 4U);
  EXPECT_EQ(describe((*lines)[0]), "3 sender:example.org example.org s1 /etc/tecs/keys/example.org.pem");
  EXPECT_EQ(describe((*lines)[1]), "4 source:192.0.2.0/24 example.net - /etc/keys/example.net.pem");
  EXPECT_EQ(describe((*lines)[2]), "5 sender:<> unsigned");
  EXPECT_EQ(describe((*lines)[3]), "6 default example.com - /etc/tecs/../key.pem");
}

TEST(IdentityLines, name_keys_from_where_the_file_is) {
  for (const auto& [path, want] :
       {std::pair{"identities", "k.pem"}, {"./identities", "./k.pem"}, {"a/identities", "a/k.pem"}}) {
    const auto lines = parse_identities("default example.org - k.pem", path);
    EXPECT_EQ(lines.value()[0].signing.value().key_path, want) << path;
  }
}

TEST(IdentityLines, say_which_of_them_is_wrong) {
  struct Row {
    std::string name;
    std::string text;
    std::string want;
  };
  const std::string columns =
      "an entry is MATCH DOMAIN SELECTOR KEYFILE, with - for no selector, or MATCH unsigned";
  const std::string no_domain =
      "the second word: not a domain name of two labels or more, written with A-labels";
  for (const Row& row : {
           Row{"one word", "\ndefault\n", "file:2: " + columns},
           Row{"no key", "default example.org -", "file:1: " + columns},
           Row{"no selector", "default example.org k.pem", "file:1: " + columns},
           Row{"too many words", "default example.org - k.pem k.pem", "file:1: " + columns},
           Row{"words behind unsigned", "default unsigned - k.pem",
               "file:1: nothing stands behind \"unsigned\""},
           Row{"no such kind", "mail:example.org example.org - k.pem",
               "file:1: \"mail:example.org\": an entry begins with listener:, source:, helo:, sender: or "
               "default"},
           Row{"bad name", "sender:*.* example.org - k.pem",
               "file:1: \"*.*\": not a name, or *. and a name, written with A-labels"},
           Row{"bad domain", "default example - k.pem", "file:1: " + no_domain},
           Row{"hyphen for a domain", "default - s1 k.pem", "file:1: " + no_domain},
           Row{"bad selector", "default example.org s_1 k.pem",
               "file:1: the third word: not a selector: labels of letters, digits and hyphens"},
           Row{"twice", "default unsigned\n\n#\ndefault unsigned", "file:4: default stands in line 1 too"},
           Row{"twice, in other words", "source:192.0.2.1 unsigned\nsource:::ffff:192.0.2.1/128 unsigned",
               "file:2: source:192.0.2.1/32 stands in line 1 too"},
           Row{"twice, in another case", "sender:a.org unsigned\nsender:A.ORG. unsigned",
               "file:2: sender:a.org stands in line 1 too"},
           Row{"the first error", "default\nsender\n", "file:1: " + columns},
           Row{"not printable", "default unsigned\nsender:\x01 unsigned",
               "file:2: an octet that is not printable ASCII"},
           Row{"too long", "default example.org - " + std::string(5000, 'k'),
               "file:1: a line that is too long"},
       }) {
    SCOPED_TRACE(row.name);
    const auto lines = parse_identities(row.text, "file");
    ASSERT_FALSE(lines);
    EXPECT_EQ(lines.error().reason, Reason::bad_option);
    EXPECT_EQ(lines.error().sentence, row.want);
  }
}

class IdentityFile : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }
  void write_key(const std::string& name, const SigningKey& key, mode_t mode = 0600) const {
    ASSERT_EQ(::chmod(write(name, key.to_pem()).c_str(), mode), 0);
  }
  [[nodiscard]] Expected<IdentityTable> load(const std::string& text,
                                             const std::optional<StandardEntry>& standard = {}) const {
    return load_identities(write("identities", text), standard);
  }
  [[nodiscard]] std::string in_line(unsigned number) const {
    return folder_.file("identities") + ":" + std::to_string(number) + ": ";
  }

  const test::TemporaryDirectory folder_;
  const SigningKey key_ = SigningKey::generate(KeyType::ed25519, 0).value();
};

// What identity signs, as text.
std::string sign(const Identity& identity) {
  const auto tuple = ConnectionTuple::make(Endpoint::parse("192.0.2.25:25").value(),
                                           Endpoint::parse("198.51.100.7:40213").value());
  return identity->sign(tuple.value(), Epoch::nearest(std::chrono::sys_seconds{})).value().format();
}

TEST_F(IdentityFile, makes_identities_that_sign) {
  write_key("a.pem", key_);
  const auto table = load("sender:a.org a.org s1 a.pem\ndefault unsigned\n");
  ASSERT_TRUE(table) << table.error().sentence;
  const Signer want(Domain::parse("a.org").value(), Selector::parse("s1").value(), key_);
  ASSERT_NE(table->of_sender("a.org"), nullptr);
  EXPECT_EQ(sign(table->of_sender("a.org")), sign(std::make_shared<const Signer>(want)));
  EXPECT_EQ(table->of_sender("b.org"), nullptr);
  EXPECT_EQ(table->size(), 2U);
}

TEST_F(IdentityFile, makes_one_identity_of_the_same_domain_selector_and_key) {
  write_key("a.pem", key_);
  write_key("b.pem", key_);
  const auto table = load(
      "default        a.org s1 a.pem\n"
      "sender:same    a.org s1 a.pem\n"
      "sender:case    A.ORG S1 a.pem\n"
      "sender:path    a.org s1 " +
      folder_.file("a.pem") +
      "\n"
      "sender:domain  b.org s1 a.pem\n"
      "sender:other   a.org s2 a.pem\n"
      "sender:without a.org -  a.pem\n"
      "sender:key     a.org s1 b.pem\n");
  ASSERT_TRUE(table) << table.error().sentence;
  for (const char* const same : {"same", "case", "path"}) {
    EXPECT_EQ(table->of_sender(same), table->standard()) << same;
  }
  for (const char* const another : {"domain", "other", "without", "key"}) {
    EXPECT_NE(table->of_sender(another), nullptr) << another;
    EXPECT_NE(table->of_sender(another), table->standard()) << another;
  }
}

TEST_F(IdentityFile, takes_the_default_of_the_options_unless_it_has_one) {
  write_key("a.pem", key_);
  const StandardEntry standard{
      std::make_shared<const Signer>(Domain::parse("example.org").value(), std::nullopt, key_),
      folder_.file("b.pem")};
  const auto table = load("sender:a.org a.org - a.pem\n", standard);
  ASSERT_TRUE(table) << table.error().sentence;
  EXPECT_EQ(table->of_sender("b.org"), standard.identity);
  EXPECT_NE(table->of_sender("a.org"), standard.identity);

  for (const std::string line : {"default a.org - a.pem", "default unsigned"}) {
    const auto both = load("sender:a.org a.org - a.pem\n" + line + "\n", standard);
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().reason, Reason::bad_option);
    EXPECT_EQ(both.error().sentence,
              in_line(2) + "the options domain, selector and key are the default entry already");
  }
}

// Else mail of the one and of the other would not go over the same connection.
TEST_F(IdentityFile, shares_the_identity_of_the_options) {
  write_key("a.pem", key_);
  write_key("b.pem", key_);
  const auto signer =
      std::make_shared<const Signer>(Domain::parse("a.org").value(), Selector::parse("s1").value(), key_);
  const StandardEntry standard{signer, folder_.file("../" + folder_.path().filename().string() + "/a.pem")};
  const auto table = load(
      "sender:same    a.org s1 a.pem\n"
      "sender:path    a.org s1 ./a.pem\n"
      "sender:domain  b.org s1 a.pem\n"
      "sender:without a.org -  a.pem\n"
      "sender:key     a.org s1 b.pem\n",
      standard);
  ASSERT_TRUE(table) << table.error().sentence;
  for (const char* const same : {"same", "path"}) EXPECT_EQ(table->of_sender(same), signer) << same;
  for (const char* const another : {"domain", "without", "key"}) {
    EXPECT_NE(table->of_sender(another), signer) << another;
  }
}

TEST_F(IdentityFile, is_taken_as_a_whole_or_not_at_all) {
  write_key("a.pem", key_);
  write_key("open.pem", key_, 0644);
  write("text.pem", "hello");
  ::chmod(folder_.file("text.pem").c_str(), 0600);
  struct Row {
    std::string name;
    std::string text;
    Reason want_reason;
    std::string want;  // the sentence begins so
  };
  const std::string good = "sender:a.org a.org - a.pem\n";
  for (const Row& row : {
           Row{"no such file", good + "default b.org - b.pem", Reason::io_error,
               in_line(2) + folder_.file("b.pem") + ": No such file"},
           Row{"a key for everybody", good + "\ndefault b.org - open.pem", Reason::bad_key_file,
               in_line(3) + folder_.file("open.pem") + " belongs to "},
           Row{"no key", good + "default b.org - text.pem", Reason::bad_key_file,
               in_line(2) + folder_.file("text.pem") + ": not a private key"},
           Row{"the first of two", "sender:b.org b.org - text.pem\n" + good + "default b.org - open.pem",
               Reason::bad_key_file, in_line(1) + folder_.file("text.pem")},
           Row{"a folder", good + "default b.org - .", Reason::bad_key_file,
               in_line(2) + folder_.file(".") + " is not a regular file"},
           Row{"a line", good + "default\n", Reason::bad_option, in_line(2)},
       }) {
    SCOPED_TRACE(row.name);
    const auto table = load(row.text);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().reason, row.want_reason);
    EXPECT_TRUE(table.error().sentence.starts_with(row.want)) << table.error().sentence;
  }
}

TEST_F(IdentityFile, that_is_not_there_is_named) {
  const auto table = load_identities(folder_.file("absent"), std::nullopt);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().reason, Reason::bad_option);
  EXPECT_EQ(table.error().sentence, folder_.file("absent") + ": No such file or directory");
}

TEST_F(IdentityFile, can_say_nothing) {
  const auto table = load("# nobody yet\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->size(), 0U);
}

}  // namespace
}  // namespace tecs
