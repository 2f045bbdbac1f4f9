#include "tools/keygen.hpp"

#include <regex>

#include "tecs/key_record.hpp"
#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using Keygen = CommandTest;

// What a resolver gives for a record in master-file form: its strings joined.
std::string text_of_record(const std::string& record) {
  static const std::regex string("\"([^\"]*)\"");
  std::string text;
  for (std::sregex_iterator found(record.begin(), record.end(), string), end; found != end; ++found) {
    text += (*found)[1];
  }
  return text;
}

TEST_F(Keygen, TheRecordPublishesTheKeyInTheFile) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    std::string want_start;
    KeyType want_type;
    unsigned want_bits;
  };
  for (const Row& row : {
           Row{"default",
               {},
               "_domainkey.example.org. 3600 IN TXT ( \"v=DKIM1; k=rsa; p=",
               KeyType::rsa,
               2048},
           Row{"1024 bits",
               {"--bits", "1024"},
               "_domainkey.example.org. 3600 IN TXT ( \"v=DKIM1; k=rsa; p=",
               KeyType::rsa,
               1024},
           Row{"ed25519",
               {"--selector", "S1", "--algorithm", "ed25519-sha256"},
               "s1._domainkey.example.org. 3600 IN TXT ( \"v=DKIM1; k=ed25519; p=",
               KeyType::ed25519,
               256},
       }) {
    SCOPED_TRACE(row.name);
    const std::string file = path(row.name + ".pem");
    std::vector<std::string> arguments{"keygen", "--domain", "Example.ORG", "--out", file};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    const Ran ran = run(arguments);

    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_THAT(ran.out, StartsWith(row.want_start));
    EXPECT_THAT(ran.err, StartsWith("The private key is in " + file + ". "));
    const auto key = SigningKey::from_pem(read(file));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->type(), row.want_type);
    EXPECT_EQ(key->bits(), row.want_bits);
    EXPECT_EQ(text_of_record(ran.out), format_key_record(*key));
    EXPECT_THAT(read(file), StartsWith("-----BEGIN PRIVATE KEY-----\n"));  // PKCS#8
  }
}

TEST_F(Keygen, WarnsOfAShortKey) {
  const Ran ran = run({"keygen", "--domain", "example.org", "--bits", "1024", "--out", path("k.pem")});
  EXPECT_THAT(ran.err, HasSubstr("warning: receivers may give a key of fewer than 2048 bits less weight\n"));
}

TEST_F(Keygen, NeverOverwrites) {
  const std::string file = write("k.pem", "precious");
  const Ran ran = run({"keygen", "--domain", "example.org", "--algorithm", "ed25519-sha256", "--out", file});
  EXPECT_EQ(ran.code, ExitCode::cannot_create);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "tecs keygen: " + file + ": File exists\n");
  EXPECT_EQ(read(file), "precious");
}

TEST_F(Keygen, RefusesBadOptions) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    std::string want;
  };
  const std::string out = path("k.pem");
  for (const Row& row : {
           Row{"no domain", {"--out", out}, "the option '--domain' is required but missing"},
           Row{"no file", {"--domain", "example.org"}, "the option '--out' is required but missing"},
           Row{"one label", {"--domain", "localhost", "--out", out}, "--domain: "},
           Row{"empty domain", {"--domain", "", "--out", out}, "--domain: "},
           Row{"line break in the domain", {"--domain", "a.org\n", "--out", out}, "--domain: "},
           Row{"bad selector",
               {"--domain", "example.org", "--selector", "a b", "--out", out},
               "--selector: "},
           Row{"bad algorithm",
               {"--domain", "example.org", "--algorithm", "rsa-sha1", "--out", out},
               "--algorithm: rsa-sha256 or ed25519-sha256"},
           Row{"too few bits",
               {"--domain", "example.org", "--bits", "1023", "--out", out},
               "--bits: from 1024 to 4096, or no verifier takes the key"},
           Row{"too many bits",
               {"--domain", "example.org", "--bits", "4097", "--out", out},
               "--bits: from 1024 to 4096, or no verifier takes the key"},
           Row{"negative bits", {"--domain", "example.org", "--bits", "-1", "--out", out}, ""},
           Row{"bits of ed25519",
               {"--domain", "example.org", "--algorithm", "ed25519-sha256", "--bits", "2048", "--out", out},
               "--bits: only an RSA key has a size to choose"},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = run([&] {
      std::vector<std::string> arguments{"keygen"};
      arguments.insert(arguments.end(), row.options.begin(), row.options.end());
      return arguments;
    }());
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs keygen: " + row.want));
    EXPECT_THAT(ran.err, HasSubstr("\nTry 'tecs keygen --help'.\n"));
    EXPECT_FALSE(std::filesystem::exists(out));
  }
}

}  // namespace
}  // namespace tecs
