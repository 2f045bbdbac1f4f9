#include "tools/record.hpp"

#include "tools/txt_record.hpp"
#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::StartsWith;

class Record : public CommandTest {
 protected:
  const SigningKey key_ = *SigningKey::generate(KeyType::ed25519, 0);
  const std::string file_ = write_key("k.pem", key_);
};

TEST_F(Record, PrintsWhatKeygenPrinted) {
  const Ran made = run({"keygen", "--domain", "example.org", "--selector", "s1", "--out", path("new.pem")});
  const Ran ran = run({"record", "--key", path("new.pem"), "--domain", "example.org", "--selector", "s1"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.out, made.out);
  EXPECT_EQ(ran.err, "");
}

TEST_F(Record, NeedsNoSelector) {
  const Ran ran = run({"record", "--key", file_, "--domain", "example.org"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.out, format_key_txt_record(key_, *Domain::parse("example.org"), std::nullopt));
}

TEST_F(Record, RefusesBadInput) {
  const std::string not_a_key = write("y", "y");
  std::filesystem::permissions(not_a_key, std::filesystem::perms::owner_read);
  const std::string open_to_all = write_key("open.pem", key_);
  std::filesystem::permissions(open_to_all, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  struct Row {
    std::string name;
    std::vector<std::string> arguments;
    ExitCode want_code;
    std::string want;
  };
  for (const Row& row : {
           Row{"no key",
               {"record", "--domain", "example.org"},
               ExitCode::usage,
               "the option '--key' is required but missing"},
           Row{"no domain",
               {"record", "--key", file_},
               ExitCode::usage,
               "the option '--domain' is required but missing"},
           Row{"no file",
               {"record", "--key", path("x"), "--domain", "example.org"},
               ExitCode::no_input,
               path("x") + ": No such file or directory"},
           Row{"not a key",
               {"record", "--key", not_a_key, "--domain", "example.org"},
               ExitCode::data_error,
               path("y") + ": not a private key"},
           Row{"a key that all can read",
               {"record", "--key", open_to_all, "--domain", "example.org"},
               ExitCode::data_error,
               open_to_all + " belongs to "},
           Row{"bad domain",
               {"record", "--key", file_, "--domain", "example..org"},
               ExitCode::usage,
               "--domain: "},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = run(row.arguments);
    EXPECT_EQ(ran.code, row.want_code);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, testing::HasSubstr("tecs record: " + row.want));
  }
}

}  // namespace
}  // namespace tecs
