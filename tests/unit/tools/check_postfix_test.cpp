// Runs `tecs check postfix` over the configurations in tests/cases/check/postfix, with the machine's
// postconf.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "test_folders.hpp"
#include "tools/check.hpp"
#include "tools/text_file.hpp"
#include "unit/tools/command_run.hpp"
#include "unit/tools/made_up_sockets.hpp"

namespace tecs {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Json = nlohmann::json;

const std::filesystem::path folder = TECS_TEST_DATA "/check/postfix";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_directory()) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class CheckPostfix : public CommandTest {
 protected:
  Ran check(const std::string& name, std::vector<std::string> more = {}) {
    machine_ = {.run_program = [](const auto& command) { return run_program(command); },
                .read_file =
                    [name](const std::string& path) {
                      const bool of_case = path.starts_with("/case/");
                      return read_text_file(of_case ? (folder / name / path.substr(6)).string() : path);
                    },
                .find_files = {},
                .socket_standing =
                    [name](const std::string& path, const std::string& user) {
                      return made_up_standing(folder / name, path, user);
                    }};
    more.insert(more.begin(), {"check", "postfix", "--config-directory", folder / name});
    return run(more);
  }
};

std::string without_folder(std::string text, const std::string& name) {
  const std::string own = folder / name;
  if (const std::size_t at = text.find(own); at != std::string::npos)
    text.replace(at, own.size(), "DIRECTORY");
  return text;
}

// Each finding on a line, in the words of the file `want`.
std::string written(const Ran& ran, const std::string& name) {
  std::ostringstream text;
  const Json report = Json::parse(ran.out);
  for (const Json& finding : report["findings"]) {
    std::string file = finding["file"];
    if (file.starts_with(folder.string()))
      file = std::filesystem::path(file).lexically_relative(folder / name);
    if (file.empty()) file = "run";
    if (!finding["line"].is_null()) file += ":" + std::to_string(finding["line"].get<unsigned>());
    text << finding["severity"].get<std::string>() << ' ' << finding["finding"].get<std::string>() << ' '
         << finding["subject"].get<std::string>() << '\n'
         << "  " << file << (finding["replaces"].get<bool>() ? " change to: " : " add: ")
         << without_folder(finding["change"], name) << '\n';
  }
  text << "exit " << to_int(ran.code) << '\n';
  return text.str();
}

class CheckPostfixCase : public CheckPostfix, public testing::WithParamInterface<std::string> {};

TEST_P(CheckPostfixCase, FindsWhatIsWanted) {
  const Ran ran = check(GetParam(), {"--json"});
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(written(ran, GetParam()), read(folder / GetParam() / "want"));
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, CheckPostfixCase, testing::ValuesIn(case_names()), test_name);

TEST_F(CheckPostfix, SaysWhatIsWrongWhyAndWhatToWrite) {
  const Ran ran = check("relay-by-override-in-braces");
  const std::string master = folder / "relay-by-override-in-braces/master.cf";
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_EQ(ran.out,
            "unsafe  smtp/inet: relay-by-login\n"
            "    permit_sasl_authenticated is reached before reject_unauth_destination.\n"
            "    A signature counts as a login here, and anybody with a key in DNS can sign: strangers may "
            "relay.\n"
            "    " +
                master +
                ":7, change to:\n"
                "        -o smtpd_relay_restrictions=permit_mynetworks,reject_unauth_destination\n"
                "\n" +
                (folder / "relay-by-override-in-braces").string() +
                ": 1 unsafe, 0 broken, 0 advice. Do not let strangers reach this server before that is "
                "changed.\n");
}

TEST_F(CheckPostfix, SumsUp) {
  EXPECT_THAT(check("documented").out, EndsWith("/documented: 0 unsafe, 0 broken, 0 advice. Good: signatures "
                                                "work, and permit nobody to relay.\n"));
  EXPECT_THAT(check("sasl-off").out, EndsWith("Nobody can relay with a signature, but not all works.\n"));
}

TEST_F(CheckPostfix, KnowsSocketsThatTheAdministratorNames) {
  const Ran other = check("sasl-of-another-server", {"--sasl-socket", "unix:private/auth"});
  EXPECT_EQ(other.code, ExitCode::ok) << other.out;
  const Ran elsewhere = check("documented", {"--milter-socket", "unix:/run/other", "--json"});
  EXPECT_THAT(elsewhere.out, HasSubstr("\"finding\":\"no-milter\""));
}

TEST_F(CheckPostfix, RefusesWhatIsNoConfiguration) {
  struct Row {
    std::string name;
    std::vector<std::string> arguments;
    ExitCode want_code;
    std::string want;
  };
  machine_ = {.run_program = [](const auto& command) { return run_program(command); },
              .read_file = read_text_file,
              .find_files = {},
              .socket_standing = socket_standing};
  const std::string bad_main = path("bad-main");
  std::filesystem::create_directories(bad_main);
  write("bad-main/main.cf", "a line without an equals sign\n");
  write("bad-main/master.cf", "");
  const std::string bad_master = path("bad-master");
  std::filesystem::create_directories(bad_master);
  write("bad-master/main.cf", "compatibility_level = 3.6\n");
  write("bad-master/master.cf", "smtp inet n\n");
  const std::string no_master = path("no-master");
  std::filesystem::create_directories(no_master);
  write("no-master/main.cf", "compatibility_level = 3.6\n");
  for (const Row& row : {
           Row{"no such folder",
               {"postfix", "--config-directory", path("x")},
               ExitCode::no_input,
               "x/main.cf"},
           Row{"bad main.cf", {"postfix", "--config-directory", bad_main}, ExitCode::no_input, "missing '='"},
           Row{"bad master.cf",
               {"postfix", "--config-directory", bad_master},
               ExitCode::no_input,
               "master.cf"},
           Row{"no master.cf", {"postfix", "--config-directory", no_master}, ExitCode::no_input, "master.cf"},
           Row{"an option of the other", {"postfix", "--sasl", "x"}, ExitCode::usage, "--sasl"},
           Row{"no server", {}, ExitCode::usage, "say what: postfix, sendmail or signer"},
           Row{"unknown server", {"exim"}, ExitCode::usage, "say what: postfix, sendmail or signer"},
           Row{"no such file", {"sendmail", "--config-file", path("x.cf")}, ExitCode::no_input, "x.cf"},
       }) {
    SCOPED_TRACE(row.name);
    std::vector<std::string> arguments{"check"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, row.want_code);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, AllOf(StartsWith("tecs check"), HasSubstr(row.want)));
  }
}

TEST_F(CheckPostfix, SaysWhenThereIsNoPostconf) {
  machine_ = {.run_program = [](const auto&) -> Expected<ProgramOutput> {
                return ProgramOutput{program_not_found, "", "postconf: No such file or directory"};
              },
              .read_file = read_text_file,
              .find_files = {},
              .socket_standing = socket_standing};
  const Ran ran = run({"check", "postfix", "--config-directory", folder / "documented"});
  EXPECT_EQ(ran.code, ExitCode::unavailable);
  EXPECT_EQ(ran.err, "tecs check postfix: postconf: No such file or directory (is Postfix installed?)\n");
}

}  // namespace
}  // namespace tecs
