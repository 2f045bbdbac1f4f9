// Runs `tecs check sendmail` over the excerpts of sendmail.cf in tests/cases/check/sendmail.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "test_folders.hpp"
#include "tools/check.hpp"
#include "tools/text_file.hpp"
#include "unit/tools/command_run.hpp"
#include "unit/tools/made_up_sockets.hpp"

namespace tecs {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using Json = nlohmann::json;

const std::filesystem::path folder = TECS_TEST_DATA "/check/sendmail";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

class CheckSendmail : public CommandTest {
 protected:
  // The files of Cyrus SASL are those of the case, wherever the command looks for them.
  Ran check(const std::string& name, std::vector<std::string> more = {}) {
    machine_.read_file = [name](const std::string& path) {
      const bool of_sasl = path.find("/Sendmail.conf") != std::string::npos;
      return read_text_file(of_sasl ? (folder / name / "Sendmail.conf").string() : path);
    };
    // The plugin is there unless the case has a file of this name.
    machine_.find_files = [name](const std::string& pattern) -> std::vector<std::string> {
      const bool is_there = pattern.ends_with("Sendmail.conf")
                                ? std::filesystem::exists(folder / name / "Sendmail.conf")
                                : !std::filesystem::exists(folder / name / "no-plugin");
      return is_there ? std::vector{pattern} : std::vector<std::string>{};
    };
    machine_.socket_standing = [name](const std::string& path, const std::string& user) {
      return made_up_standing(folder / name, path, user);
    };
    more.insert(more.begin(), {"check", "sendmail", "--config-file", folder / name / "sendmail.cf"});
    return run(more);
  }
};

std::string written(const Ran& ran) {
  std::ostringstream text;
  const Json report = Json::parse(ran.out);
  for (const Json& finding : report["findings"]) {
    const std::string file = std::filesystem::path(finding["file"].get<std::string>()).filename();
    text << finding["severity"].get<std::string>() << ' ' << finding["finding"].get<std::string>() << '\n'
         << "  " << (file.empty() ? "run" : file)
         << (finding["replaces"].get<bool>() ? " change to: " : " add: ")
         << finding["change"].get<std::string>() << '\n';
  }
  text << "exit " << to_int(ran.code) << '\n';
  return text.str();
}

class CheckSendmailCase : public CheckSendmail, public testing::WithParamInterface<std::string> {};

TEST_P(CheckSendmailCase, FindsWhatIsWanted) {
  const Ran ran = check(GetParam(), {"--json"});
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(written(ran), read(folder / GetParam() / "want"));
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, CheckSendmailCase, testing::ValuesIn(case_names()), test_name);

TEST_F(CheckSendmail, NamesTheLineOfSendmailCfAndWhatTheMcFileNeeds) {
  const Ran ran = check("trusted-mechanism");
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_THAT(ran.out, HasSubstr("TRUST_AUTH_MECH names TECS-1 (" +
                                 (folder / "trusted-mechanism/sendmail.cf").string() + ":6).\n"));
  EXPECT_THAT(ran.out, HasSubstr((folder / "trusted-mechanism/sendmail.mc").string() +
                                 ", change to:\n        TRUST_AUTH_MECH(`LOGIN PLAIN')dnl\n"));
}

TEST_F(CheckSendmail, KnowsTheSocketThatTheAdministratorNames) {
  const Ran ran = check("documented", {"--milter-socket", "unix:/run/other"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_THAT(ran.out, HasSubstr("sendmail: no-milter\n"));
}

TEST_F(CheckSendmail, SaysWhenTheNamedSaslFileIsNotThere) {
  const Ran ran = check("no-sasl-file", {"--sasl", "/etc/sasl2/Sendmail.conf"});
  EXPECT_EQ(ran.code, ExitCode::no_input);
}

}  // namespace
}  // namespace tecs
