#include "milter/options.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

Expected<MilterRequest> read(const std::vector<const char*>& arguments,
                             const std::string& host = "mx.example.net") {
  return read_milter_options(arguments, host);
}

TEST(MilterOptions, Defaults) {
  const auto request = read({});
  ASSERT_TRUE(request) << request.error().sentence;
  const auto& options = std::get<MilterOptions>(*request);
  EXPECT_EQ(options.milter_socket.format(), "unix:/run/tecs/milter");
  EXPECT_EQ(options.sasl_socket.format(), "unix:/run/tecs/sasl");
  EXPECT_EQ(options.resolver, std::nullopt);
  EXPECT_EQ(options.store.text(), "sqlite:/var/lib/tecs/verdicts.db");
  EXPECT_FALSE(options.forward);
  EXPECT_EQ(options.authserv_id.text(), "mx.example.net");
  EXPECT_EQ(options.epoch_tolerance, 1);
  EXPECT_EQ(options.key_cache_size, 10000U);
  EXPECT_EQ(options.dns_timeout, std::chrono::seconds(2));
  EXPECT_EQ(options.minimum_key_bits, 1024U);
  EXPECT_EQ(options.log_level, spdlog::level::info);
}

TEST(MilterOptions, FromTheFileAndTheCommandLineWins) {
  const test::TemporaryDirectory directory;
  const std::string file = directory.file("milter.conf");
  std::ofstream(file)
      << "# a comment\nmilter-socket = inet:127.0.0.1:8891\nsasl-socket = inet6:[::1]:8892\n"
         "resolver = 192.0.2.53:53\nstore = sqlite:/tmp/v.db\nauthserv-id = from-file\n"
         "epoch-tolerance = 20\nkey-cache-size = 0\ndns-timeout = 500ms\nminimum-key-bits = 2048\n"
         "log-level = debug\n";
  const auto request = read({"--config", file.c_str(), "--authserv-id", "from-command-line"});
  ASSERT_TRUE(request) << request.error().sentence;
  const auto& options = std::get<MilterOptions>(*request);
  EXPECT_EQ(options.milter_socket.format(), "inet:127.0.0.1:8891");
  EXPECT_EQ(options.sasl_socket.format(), "inet6:[::1]:8892");
  EXPECT_EQ(options.resolver, *Endpoint::parse("192.0.2.53:53"));
  EXPECT_EQ(options.store.text(), "sqlite:/tmp/v.db");
  EXPECT_EQ(options.authserv_id.text(), "from-command-line");
  EXPECT_EQ(options.epoch_tolerance, 20);
  EXPECT_EQ(options.key_cache_size, 0U);
  EXPECT_EQ(options.dns_timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(options.minimum_key_bits, 2048U);
  EXPECT_EQ(options.log_level, spdlog::level::debug);
}

TEST(MilterOptions, WrongValuesNameTheOption) {
  const std::vector<std::vector<const char*>> rows = {
      {"--milter-socket", "inet:1"},   {"--sasl-socket", "/run/x"},      {"--resolver", "localhost"},
      {"--authserv-id", "mx;"},        {"--epoch-tolerance", "21"},      {"--epoch-tolerance", "-1"},
      {"--key-cache-size", "many"},    {"--key-cache-size", "10000001"}, {"--dns-timeout", "2"},
      {"--dns-timeout", "0s"},         {"--dns-timeout", "5s"},          {"--minimum-key-bits", "512"},
      {"--minimum-key-bits", "2048x"}, {"--log-level", "loud"},          {"--no-such-option", "1"},
  };
  for (const auto& row : rows) {
    const auto request = read(row);
    ASSERT_FALSE(request) << row[0] << " " << row[1];
    EXPECT_EQ(request.error().reason, Reason::bad_option);
    EXPECT_NE(request.error().sentence.find(row[0]), std::string::npos) << request.error().sentence;
  }
}

TEST(MilterOptions, ForwardsToAnotherDatabase) {
  const auto request = read({"--forward", "postgresql://tecs@db.example.net/tecs"});
  ASSERT_TRUE(request) << request.error().sentence;
  const auto& forward = std::get<MilterOptions>(*request).forward;
  ASSERT_TRUE(forward);
  EXPECT_EQ(forward->text(), "postgresql://tecs@db.example.net/tecs");
}

TEST(MilterOptions, WhereVerdictsGoCannotChangeWhileItRuns) {
  const auto options = [](const std::vector<const char*>& arguments) {
    return std::get<MilterOptions>(read(arguments).value());
  };
  const MilterOptions running = options({"--forward", "postgresql://tecs:one@db/tecs"});
  EXPECT_EQ(option_that_needs_restart(running, running), "");
  for (const auto& [wanted, want] : std::vector<std::pair<std::vector<const char*>, std::string>>{
           {{"--forward", "postgresql://tecs:one@db/tecs", "--store", "sqlite:/tmp/v.db"}, "store"},
           {{"--forward", "postgresql://tecs:one@other/tecs"}, "forward"},
           {{"--forward", "postgresql://tecs:two@db/tecs"}, "forward"},
           {{}, "forward"},
       }) {
    EXPECT_EQ(option_that_needs_restart(running, options(wanted)), want);
  }
}

TEST(MilterOptions, WhereToForwardToIsNotRepeatedAsItMayHoldAPassword) {
  for (const char* const wrong :
       {"sqlite:/tmp/SECRET", "mysql://tecs:SECRET@db/tecs", "SECRET", "",
        "postgresql://tecs:SECRET@db:SECRET/tecs", "postgresql://tecs:SECRET/SECRET@db/tecs",
        "postgresql://tecs@db/tecs?colour=1&password=SECRET"}) {
    const auto request = read({"--forward", wrong});
    ASSERT_FALSE(request) << wrong;
    EXPECT_EQ(request.error().reason, Reason::bad_option);
    EXPECT_NE(request.error().sentence.find("--forward"), std::string::npos) << request.error().sentence;
    EXPECT_EQ(request.error().sentence.find("SECRET"), std::string::npos) << request.error().sentence;
  }
}

TEST(MilterOptions, WrongValuesInTheFileNameFileLineAndKey) {
  const test::TemporaryDirectory directory;
  const std::string file = directory.file("milter.conf");
  std::ofstream(file) << "\n# one\nsasl-socket = inet:1\n";
  const auto request = read({"--config", file.c_str()});
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().sentence, file + ":3: sasl-socket: a port is missing");
}

TEST(MilterOptions, AHostNameThatIsNoAuthservIdMakesTheOptionNeeded) {
  const auto missing = read({}, "my host");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().sentence.find("authserv-id"), std::string::npos) << missing.error().sentence;
  EXPECT_TRUE(read({"--authserv-id", "mx"}, "my host"));
}

TEST(MilterOptions, HelpAndVersionArePrinted) {
  const auto help = read({"--help"}, "my host");
  ASSERT_TRUE(help);
  for (const char* const option :
       {"--milter-socket", "--sasl-socket", "--store", "--authserv-id", "Examples:"}) {
    EXPECT_NE(std::get<std::string>(*help).find(option), std::string::npos) << option;
  }
  EXPECT_TRUE(std::get<std::string>(*read({"--version"})).starts_with("tecs-milter "));
}

}  // namespace
}  // namespace tecs
