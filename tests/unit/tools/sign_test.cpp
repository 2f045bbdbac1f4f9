#include "tools/sign.hpp"

#include "tecs/base64.hpp"
#include "tecs/credential.hpp"
#include "unit/tools/case_files.hpp"
#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Sign : public CommandTest {
 protected:
  // Good options, of which those in `change` are replaced; an empty value leaves the option out.
  Ran sign(const std::map<std::string, std::string>& change = {}) {
    std::map<std::string, std::string> options{{"--key", file_},
                                               {"--domain", "jgc.org"},
                                               {"--destination", "192.0.2.25:25"},
                                               {"--source", "198.51.100.7:40213"}};
    for (const auto& [name, value] : change) options[name] = value;
    std::vector<std::string> arguments{"sign"};
    for (const auto& [name, value] : options) {
      if (!value.empty()) arguments.insert(arguments.end(), {name, value});
    }
    return run(arguments);
  }

  const SigningKey key_ = *SigningKey::generate(KeyType::ed25519, 0);
  const std::string file_ = write_key("k.pem", key_);
};

TEST_F(Sign, MakesTheCredentialsOfTheDataCases) {
  int made = 0;
  for (const CaseFile& example : case_files()) {
    if (!example.json.contains("signing_key") || !example.json.contains("signed_at")) continue;
    if (example.text("result") != "pass") continue;  // what was signed is not what the receiver saw
    SCOPED_TRACE(example.name);
    const auto credential = Credential::parse(example.text("credential"));
    ASSERT_TRUE(credential);
    if (credential->format() != example.text("credential")) continue;  // another order of tags
    const auto key = SigningKey::from_pem(read(example.folder + "/" + example.text("signing_key")));
    ASSERT_TRUE(key);
    const Ran ran = sign({{"--key", write_key("case.pem", *key)},
                          {"--domain", credential->domain.text()},
                          {"--selector", credential->selector ? credential->selector->text() : ""},
                          {"--destination", example.text("destination")},
                          {"--source", example.text("source")},
                          {"--time", example.number("signed_at")}});
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_EQ(ran.out, example.text("credential") + "\n");
    EXPECT_EQ(ran.err, "");
    ++made;
  }
  EXPECT_GE(made, 4);
}

TEST_F(Sign, TheTimeIsThatOfTheClockUnlessGiven) {
  EXPECT_EQ(sign().out, sign({{"--time", "1170806410"}}).out);
  EXPECT_NE(sign().out, sign({{"--time", "1170806470"}}).out);
}

TEST_F(Sign, PrintsBase64) {
  const Ran text = sign({{"--selector", "S1"}});
  const Ran base64 = sign({{"--selector", "S1"}, {"--format", "base64"}});
  EXPECT_THAT(text.out, StartsWith("a=ed25519-sha256; q=dns; d=jgc.org; s=s1; b="));
  EXPECT_EQ(base64.out, encode_base64(octets_of(text.out.substr(0, text.out.size() - 1))) + "\n");
  EXPECT_EQ(sign({{"--format", "credential"}}).out, sign().out);
}

TEST_F(Sign, TakesAKeyThatAGroupCanReadButNoneThatEverybodyCan) {
  using std::filesystem::perms;
  std::filesystem::permissions(file_, perms::group_read, std::filesystem::perm_options::add);
  EXPECT_EQ(sign().code, ExitCode::ok);
  EXPECT_EQ(sign().err, "");

  std::filesystem::permissions(file_, perms::others_read, std::filesystem::perm_options::add);
  const Ran ran = sign();
  EXPECT_EQ(ran.code, ExitCode::data_error);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, StartsWith("tecs sign: " + file_ + " belongs to "));
  EXPECT_THAT(ran.err, HasSubstr("has mode 0644: everybody may read it"));
}

TEST_F(Sign, RefusesBadOptions) {
  struct Row {
    std::string name;
    std::map<std::string, std::string> change;
    std::string want;
  };
  const std::string bad_time = "--time: not a whole number of seconds from 0 to 253402300799\n";
  for (const Row& row : {
           Row{"no key", {{"--key", ""}}, "the option '--key' is required but missing\n"},
           Row{"no domain", {{"--domain", ""}}, "the option '--domain' is required but missing\n"},
           Row{"no destination",
               {{"--destination", ""}},
               "the option '--destination' is required but missing\n"},
           Row{"no source", {{"--source", ""}}, "the option '--source' is required but missing\n"},
           Row{"no port", {{"--destination", "192.0.2.25"}}, "--destination: "},
           Row{"port 0", {{"--destination", "192.0.2.25:0"}}, "--destination: "},
           Row{"port too large", {{"--destination", "192.0.2.25:65536"}}, "--destination: "},
           Row{"name for an address", {{"--destination", "mx.example.org:25"}}, "--destination: "},
           Row{"no brackets", {{"--destination", "2001:db8::25:25"}}, "--destination: "},
           Row{"scoped address", {{"--source", "[fe80::1%eth0]:40213"}}, "--source: "},
           Row{"unspecified address", {{"--source", "0.0.0.0:40213"}}, "--source: "},
           Row{"mixed families", {{"--destination", "[2001:db8::25]:25"}}, "--destination and --source: "},
           Row{"selector with a space", {{"--selector", "a b"}}, "--selector: "},
           Row{"time with a fraction", {{"--time", "1.5"}}, bad_time},
           Row{"negative time", {{"--time", "-1"}}, bad_time},
           Row{"time in words", {{"--time", "now"}}, bad_time},
           Row{"time in milliseconds", {{"--time", "253402300800"}}, bad_time},
           Row{"time that overflows", {{"--time", "18446744073709551616"}}, bad_time},
           Row{"unknown form", {{"--format", "hex"}}, "--format: credential or base64\n"},
           Row{"unknown option", {{"--tolerance", "1"}}, "unrecognised option '--tolerance'\n"},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = sign(row.change);
    EXPECT_EQ(ran.code, ExitCode::usage);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs sign: " + row.want));
    EXPECT_THAT(ran.err, HasSubstr("\nTry 'tecs sign --help'.\n"));
  }
}

TEST_F(Sign, SaysWhatIsWrongWithTheKey) {
  const Ran missing = sign({{"--key", path("x.pem")}});
  EXPECT_EQ(missing.code, ExitCode::no_input);
  EXPECT_EQ(missing.err, "tecs sign: " + path("x.pem") + ": No such file or directory\n");

  const std::string text = write("text.pem", "hello");
  std::filesystem::permissions(text, std::filesystem::perms::owner_read);
  const Ran wrong = sign({{"--key", text}});
  EXPECT_EQ(wrong.code, ExitCode::data_error);
  EXPECT_EQ(wrong.err, "tecs sign: " + text + ": not a private key in PEM form without a pass phrase\n");
}

}  // namespace
}  // namespace tecs
