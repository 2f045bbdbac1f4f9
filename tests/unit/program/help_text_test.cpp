#include "program/help_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <vector>

namespace tecs {
namespace {

namespace po = boost::program_options;

TEST(HelpText, HasUsageDescriptionOptionsAndExamples) {
  po::options_description options("Options");
  options.add_options()("key", po::value<std::string>()->value_name("FILE"), "the private key");
  EXPECT_EQ(help_text({.name = "tecs sign",
                       .usage = "--key FILE",
                       .description = "Signs a connection.",
                       .examples = "tecs sign --key a.pem\ntecs sign --key b.pem"},
                      options),
            "Usage: tecs sign --key FILE\n\nSigns a connection.\n\nOptions:\n  --key FILE  the private key\n"
            "\nExamples:\n  tecs sign --key a.pem\n  tecs sign --key b.pem\n");
}

TEST(HelpText, AlignsWrapsAndSaysDefaults) {
  po::options_description options;
  auto add = options.add_options();
  add("tolerance", po::value<int>()->default_value(1)->value_name("N"), "steps of 30 seconds");
  add("quiet", po::bool_switch(), "say nothing");
  add("destination", po::value<std::vector<std::string>>()->composing()->value_name("IP:PORT"),
      "the address and port under which the world reaches this server when it stands behind a translation of "
      "addresses; can be repeated");
  add("a-name-that-takes-more-than-its-share", po::value<std::string>()->default_value("")->value_name("X"),
      "long");
  add("help,h", "print this and exit");
  EXPECT_EQ(
      help_text({.name = "tecs", .usage = "", .description = "Text.", .examples = ""}, options),
      "Usage: tecs\n\nText.\n\nOptions:\n"
      "  --tolerance N          steps of 30 seconds (default: 1)\n"
      "  --quiet                say nothing\n"
      "  --destination IP:PORT  the address and port under which the world reaches this server when it\n"
      "                         stands behind a translation of addresses; can be repeated\n"
      "  --a-name-that-takes-more-than-its-share X\n"
      "                         long\n"
      "  -h, --help             print this and exit\n");
}

TEST(HelpText, ANameOfTwoLettersIsNoShortOne) {
  po::options_description table;
  table.add_options()("by", po::value<std::string>()->value_name("KEY"), "what is counted");
  EXPECT_NE(help_text({.name = "tecs", .usage = "", .description = "Counts.", .examples = ""}, table)
                .find("\n  --by KEY  what is counted\n"),
            std::string::npos);
}

TEST(VersionText, IsNameAndNumber) {
  EXPECT_THAT(version_text("tecs"), testing::MatchesRegex("tecs [0-9.]+\n"));
}

}  // namespace
}  // namespace tecs
