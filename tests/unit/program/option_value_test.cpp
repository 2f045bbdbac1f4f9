#include "program/option_value.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/program_options/options_description.hpp>
#include <fstream>

#include "program/options.hpp"

namespace tecs::test {
namespace {

namespace po = boost::program_options;

using Dozen = Number<1, 12>;

po::options_description table() {
  po::options_description options;
  auto add = options.add_options();
  add("config", po::value<std::string>());
  add("hour", value_of<Dozen>("HOUR", "3"));
  add("month", values_of<Dozen>("MONTH"));
  return options;
}

Expected<po::variables_map> read(std::vector<const char*> arguments) {
  return read_options(arguments, table());
}

TEST(OptionValue, has_its_default_when_not_given) {
  const auto values = read({});
  ASSERT_TRUE(values);
  EXPECT_EQ(get<Dozen>(*values, "hour").value, 3U);
  EXPECT_TRUE(get_list<Dozen>(*values, "month").empty());
}

TEST(OptionValue, is_parsed_by_its_own_type) {
  const auto values = read({"--hour", "12"});
  ASSERT_TRUE(values);
  EXPECT_EQ(get<Dozen>(*values, "hour").value, 12U);
}

TEST(OptionValue, says_what_is_wrong_and_of_which_option) {
  for (const char* const text : {"0", "13", "", "1 ", "-1", "x"}) {
    const auto values = read({"--hour", text});
    ASSERT_FALSE(values) << text;
    EXPECT_EQ(values.error().sentence, "--hour: must be a number from 1 to 12") << text;
  }
}

TEST(OptionValue, can_stand_several_times_when_it_is_a_list) {
  const std::string path = testing::TempDir() + "option_value_test.conf";
  std::ofstream(path) << "month = 1\nmonth = 2\n";
  for (const auto& arguments : {std::vector<const char*>{"--month", "1", "--month", "2"},
                                std::vector<const char*>{"--config", path.c_str()}}) {
    const auto values = read(arguments);
    ASSERT_TRUE(values) << values.error().sentence;
    const auto months = get_list<Dozen>(*values, "month");
    ASSERT_EQ(months.size(), 2U);
    EXPECT_EQ(months[0].value, 1U);
    EXPECT_EQ(months[1].value, 2U);
  }
}

TEST(OptionValue, of_a_list_is_reported_with_file_line_and_key) {
  const std::string path = testing::TempDir() + "option_value_wrong_test.conf";
  std::ofstream(path) << "month = 1\nmonth = 13\n";
  const auto values = read({"--config", path.c_str()});
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().sentence, path + ":2: month: must be a number from 1 to 12");
}

}  // namespace
}  // namespace tecs::test
