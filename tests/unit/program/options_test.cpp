#include "program/options.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/program_options/value_semantic.hpp>
#include <filesystem>
#include <fstream>
#include <vector>

namespace tecs {
namespace {

namespace po = boost::program_options;

po::options_description table() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("config", po::value<std::string>()->value_name("FILE"), "read options from FILE");
  add("domain", po::value<std::string>()->required()->value_name("DOMAIN"), "signing domain");
  add("tolerance", po::value<int>()->default_value(1)->value_name("N"), "steps of 30 seconds");
  add("quiet", po::bool_switch(), "say nothing");
  add("destination", po::value<std::vector<std::string>>()->composing()->value_name("IP:PORT"),
      "can be repeated");
  add("help,h", "print this and exit");
  add("version", "print the version and exit");
  return options;
}

Expected<po::variables_map> read(const std::vector<const char*>& arguments) {
  return read_options(arguments, table());
}

class Options : public testing::Test {
 protected:
  Options() { std::filesystem::create_directories(folder_); }
  ~Options() override { std::filesystem::remove_all(folder_); }

  Expected<po::variables_map> read_with_file(const std::string& text,
                                             std::vector<const char*> arguments = {}) {
    std::ofstream(path_) << text;
    arguments.push_back("--config");
    arguments.push_back(path_.c_str());
    return read(arguments);
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      ("options-" + std::to_string(getpid()) + "-" +
       std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  const std::string path_ = folder_ / "tecs.conf";
};

TEST_F(Options, ReadsTheCommandLine) {
  const auto values = read({"--domain=example.org", "--tolerance", "3", "--quiet", "--destination",
                            "192.0.2.1:25", "--destination", "192.0.2.2:25"});
  ASSERT_TRUE(values) << values.error().sentence;
  EXPECT_EQ((*values)["domain"].as<std::string>(), "example.org");
  EXPECT_EQ((*values)["tolerance"].as<int>(), 3);
  EXPECT_TRUE((*values)["quiet"].as<bool>());
  EXPECT_EQ((*values)["destination"].as<std::vector<std::string>>().size(), 2U);
}

TEST_F(Options, FillsInDefaults) {
  const auto values = read({"--domain", "example.org"});
  ASSERT_TRUE(values);
  EXPECT_EQ((*values)["tolerance"].as<int>(), 1);
  EXPECT_FALSE((*values)["quiet"].as<bool>());
}

TEST_F(Options, HelpAndVersionNeedNothingElse) {
  EXPECT_TRUE(read({"--help"}));
  EXPECT_TRUE(read({"-h"}));
  EXPECT_TRUE(read({"--version"}));
  EXPECT_TRUE(read({"--help", "--config", "/nonexistent"}));
}

TEST_F(Options, RefusesABadCommandLine) {
  struct Row {
    std::string name;
    std::vector<const char*> arguments;
    std::string want;
  };
  for (const Row& row : {
           Row{"required option missing", {}, "the option '--domain' is required but missing"},
           Row{"unknown", {"--domain", "a.org", "--selektor", "x"}, "unrecognised option '--selektor'"},
           Row{"abbreviated", {"--dom", "a.org"}, "unrecognised option '--dom'"},
           Row{"twice",
               {"--domain", "a.org", "--domain", "b.org"},
               "option '--domain' cannot be specified more than once"},
           Row{"no value", {"--domain"}, "the required argument for option '--domain' is missing"},
           Row{"not a number",
               {"--domain", "a.org", "--tolerance", "many"},
               "the argument ('many') for option '--tolerance' is invalid"},
           Row{"positional", {"--domain", "a.org", "b.org"}, "unexpected argument 'b.org'"},
           Row{"positional after --",
               {"--domain", "a.org", "--", "--quiet"},
               "unexpected argument '--quiet'"},
           Row{"empty positional", {"--domain", "a.org", ""}, "unexpected argument ''"},
           Row{"configuration missing",
               {"--config", "/nonexistent/tecs.conf"},
               "/nonexistent/tecs.conf: No such file or directory"},
       }) {
    SCOPED_TRACE(row.name);
    const auto values = read(row.arguments);
    ASSERT_FALSE(values);
    EXPECT_EQ(values.error().reason, Reason::bad_option);
    EXPECT_EQ(values.error().sentence, row.want);
  }
}

TEST_F(Options, ReadsTheFile) {
  const auto values = read_with_file(
      "# signer\ndomain = example.org\ntolerance = 3\nquiet = yes\ndestination = 192.0.2.1:25\n"
      "destination = 192.0.2.2:25\n");
  ASSERT_TRUE(values) << values.error().sentence;
  EXPECT_EQ((*values)["domain"].as<std::string>(), "example.org");
  EXPECT_EQ((*values)["tolerance"].as<int>(), 3);
  EXPECT_TRUE((*values)["quiet"].as<bool>());
  EXPECT_EQ((*values)["destination"].as<std::vector<std::string>>(),
            (std::vector<std::string>{"192.0.2.1:25", "192.0.2.2:25"}));
}

TEST_F(Options, TheCommandLineWins) {
  const auto values = read_with_file("domain = file.org\ntolerance = 3\n", {"--domain", "line.org"});
  ASSERT_TRUE(values) << values.error().sentence;
  EXPECT_EQ((*values)["domain"].as<std::string>(), "line.org");
  EXPECT_EQ((*values)["tolerance"].as<int>(), 3);
}

TEST_F(Options, NamesFileLineAndKeyOfWhatIsWrong) {
  struct Row {
    std::string name;
    std::string text;
    std::string want;  // after the path
  };
  for (const Row& row : {
           Row{"unknown key", "domain = a.org\ndomian = b.org\n", ":2: domian: there is no such option"},
           Row{"abbreviated key", "dom = a.org\n", ":1: dom: there is no such option"},
           Row{"section", "domain = a.org\n[milter]\n", ":2: sections are not used here"},
           Row{"twice", "domain = a.org\n\ndomain = b.org\n", ":3: domain: already set in line 1"},
           Row{"not a number", "# x\ntolerance = many\n",
               ":2: tolerance: 'many' is not a value that it takes"},
           Row{"number too large", "tolerance = 99999999999\n",
               ":1: tolerance: '99999999999' is not a value that it takes"},
           Row{"not a truth value", "quiet = perhaps\n", ":1: quiet: 'perhaps' is not a value that it takes"},
           Row{"config in the file", "config = other.conf\n",
               ":1: config: this option is for the command line only"},
           Row{"help in the file", "help = yes\n", ":1: help: this option is for the command line only"},
           Row{"not a line of the form", "domain\n", ":1: expected \"key = value\""},
       }) {
    SCOPED_TRACE(row.name);
    const auto values = read_with_file(row.text);
    ASSERT_FALSE(values);
    EXPECT_EQ(values.error().reason, Reason::bad_option);
    EXPECT_EQ(values.error().sentence, path_ + row.want);
  }
}

TEST_F(Options, AWrongValueInTheFileIsReportedThoughItIsOverridden) {
  const auto values = read_with_file("tolerance = many\n", {"--domain", "a.org", "--tolerance", "2"});
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().sentence, path_ + ":1: tolerance: 'many' is not a value that it takes");
}

}  // namespace
}  // namespace tecs
