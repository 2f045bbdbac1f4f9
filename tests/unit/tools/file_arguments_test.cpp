#include "tools/file_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/program_options/value_semantic.hpp>

namespace tecs {
namespace {

using testing::ElementsAre;

OptionTable table() {
  namespace po = boost::program_options;
  OptionTable options;
  add_file_option(options, "which");
  auto add = options.add_options();
  add("store", po::value<std::string>(), "");
  add("limit,n", po::value<std::string>(), "");
  add("strict", po::bool_switch(), "");
  return options;
}

std::vector<std::string> named(const std::vector<const char*>& arguments) {
  const auto result = with_named_files(arguments, table());
  return {result.begin(), result.end()};
}

TEST(FileArguments, AWordByItselfIsAFile) {
  EXPECT_THAT(named({"a", "b"}), ElementsAre("--file", "a", "--file", "b"));
  EXPECT_THAT(named({"-"}), ElementsAre("--file", "-"));
  EXPECT_THAT(named({}), ElementsAre());
}

TEST(FileArguments, TheValueOfAnOptionIsNot) {
  EXPECT_THAT(
      named({"--store", "s", "a", "--strict", "b", "-n", "5", "c"}),
      ElementsAre("--store", "s", "--file", "a", "--strict", "--file", "b", "-n", "5", "--file", "c"));
  EXPECT_THAT(named({"--store=s", "a"}), ElementsAre("--store=s", "--file", "a"));
  EXPECT_THAT(named({"-n5", "a"}), ElementsAre("-n5", "--file", "a"));
  EXPECT_THAT(named({"--file", "a", "b"}), ElementsAre("--file", "a", "--file", "b"));
  EXPECT_THAT(named({"--store", "-", "-n", "-5", "a"}),
              ElementsAre("--store", "-", "-n", "-5", "--file", "a"));
}

TEST(FileArguments, BehindTwoHyphensAllAreFiles) {
  EXPECT_THAT(named({"--strict", "--", "--store", "-n", "--"}),
              ElementsAre("--strict", "--file", "--store", "--file", "-n", "--file", "--"));
}

TEST(FileArguments, AnUnknownOptionIsLeftForTheParser) {
  EXPECT_THAT(named({"--stor", "a"}), ElementsAre("--stor", "--file", "a"));
}

TEST(FileArguments, ManyFilesAreOneList) {
  const std::vector<const char*> arguments{"a", "--store", "s", "b"};
  const auto values = read_options(with_named_files(arguments, table()), table());
  ASSERT_TRUE(values) << values.error().sentence;
  EXPECT_THAT(read_files(*values), ElementsAre("a", "b"));
  EXPECT_THAT(read_files(*read_options({}, table())), ElementsAre());
}

}  // namespace
}  // namespace tecs
