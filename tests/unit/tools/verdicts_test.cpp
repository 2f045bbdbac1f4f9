#include "tools/verdicts.hpp"

#include "unit/tools/verdicts_fixture.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Verdicts : public VerdictsTest {
 protected:
  // As "tecs verdicts --help" has them.
  std::vector<std::string> subcommands() {
    std::istringstream help(run({"verdicts", "--help"}).out);
    std::vector<std::string> names;
    bool listed = false;
    for (std::string line; std::getline(help, line);) {
      if (listed && line.empty()) break;
      if (listed) names.push_back(line.substr(2, line.find(' ', 2) - 2));
      if (line == "Subcommands:") listed = true;
    }
    return names;
  }
};

TEST_F(Verdicts, HasWhatAnOperatorWorksWith) {
  const auto names = subcommands();
  for (const std::string name :
       {"list", "summary", "top", "show", "tail", "export", "import", "report", "prune"})
    EXPECT_THAT(names, testing::Contains(name));
}

TEST_F(Verdicts, EachSubcommandHasHelpWithExamples) {
  for (const std::string& name : subcommands()) {
    SCOPED_TRACE(name);
    const Ran ran = run({"verdicts", name, "--help"});
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_EQ(ran.err, "");
    EXPECT_THAT(ran.out, StartsWith("Usage: tecs verdicts " + name + " "));
    EXPECT_THAT(ran.out, HasSubstr("\nOptions:\n"));
    EXPECT_THAT(ran.out, HasSubstr("\nExamples:\n  "));
    EXPECT_THAT(ran.out, HasSubstr("  --store STORE "));
    EXPECT_EQ(run({"verdicts", "help", name}).out, ran.out);
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST_F(Verdicts, NoneMakesAStoreOfAMistypedName) {
  for (const std::string& name : subcommands()) {
    if (name == "import") continue;  // which is to make it
    std::vector<std::string> words{"verdicts", name, "--store", "sqlite:" + path("mistyped.db")};
    if (name == "summary") words.insert(words.end(), {"--by", "domain"});
    if (name == "show") words.insert(words.begin() + 2, "0190163d-8694");
    if (name == "prune") words.insert(words.end(), {"--older-than", "90d"});
    if (name == "report") words.insert(words.end(), {"--html", path("report.html")});
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, ExitCode::no_input) << name << ran.err;
    EXPECT_EQ(ran.out, "") << name;
    EXPECT_THAT(ran.err, HasSubstr("mistyped.db")) << name;
    EXPECT_FALSE(std::filesystem::exists(path("mistyped.db"))) << name;
  }
}

}  // namespace
}  // namespace tecs
