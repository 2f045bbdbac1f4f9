#include "sasl/client_configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string good = "identity = sender.example - /k\n";

Expected<ClientConfiguration> read(const std::string& text) {
  std::istringstream stream(text);
  return ClientConfiguration::read(stream, "/etc/keys/sasl-client.conf");
}

Domain domain(const char* text) {
  return Domain::parse(text).value();
}

TEST(ClientConfigurationTest, Identities) {
  const auto configuration = read(
      "# ours\n"
      "identity = Sender.example  -  /etc/tecs/sender.pem\n"
      "identity = customer.example 2026a customer.pem   # theirs\n");
  ASSERT_TRUE(configuration) << configuration.error().sentence;
  const auto* const ours = configuration->find(domain("sender.example"));
  ASSERT_NE(ours, nullptr);
  EXPECT_EQ(ours->selector, std::nullopt);
  EXPECT_EQ(ours->key_file, "/etc/tecs/sender.pem");
  const auto* const theirs = configuration->find(domain("customer.example"));
  ASSERT_NE(theirs, nullptr);
  EXPECT_EQ(theirs->selector->text(), "2026a");
  EXPECT_EQ(theirs->key_file, "/etc/keys/customer.pem");
  EXPECT_EQ(configuration->find(domain("mail.sender.example")), nullptr);
  EXPECT_EQ(configuration->find(domain("example.org")), nullptr);
}

TEST(ClientConfigurationTest, WithoutNatUnlessSaid) {
  const auto address = IpAddress::parse("10.0.0.1").value();
  const auto configuration = read("identity = sender.example - /k\n");
  ASSERT_TRUE(configuration);
  EXPECT_FALSE(configuration->nat.asks_for_challenge(address));
  EXPECT_EQ(configuration->challenge_skew, std::chrono::minutes(2));
}

TEST(ClientConfigurationTest, Nat) {
  const auto configuration =
      read("identity = sender.example - /k\nnat = 10.0.0.0/8, 192.168.0.0/16\nchallenge-skew = 30s\n");
  ASSERT_TRUE(configuration);
  EXPECT_TRUE(configuration->nat.asks_for_challenge(IpAddress::parse("10.0.0.1").value()));
  EXPECT_FALSE(configuration->nat.asks_for_challenge(IpAddress::parse("192.0.2.1").value()));
  EXPECT_EQ(configuration->challenge_skew, std::chrono::seconds(30));
  EXPECT_EQ(read(good + "challenge-skew = 1h\n")->challenge_skew, std::chrono::hours(1));
  EXPECT_EQ(read(good + "challenge-skew = 0s\n")->challenge_skew, std::chrono::seconds(0));
}

struct Row {
  std::string name;
  std::string text;
  std::string place;  // what the sentence begins with
  std::string want;   // what it says
};

class WrongClientConfigurationTest : public testing::TestWithParam<Row> {};

TEST_P(WrongClientConfigurationTest, IsSaidWithItsPlace) {
  const auto configuration = read(GetParam().text);
  ASSERT_FALSE(configuration);
  EXPECT_EQ(configuration.error().reason, Reason::bad_option);
  EXPECT_THAT(configuration.error().sentence, StartsWith(GetParam().place));
  EXPECT_THAT(configuration.error().sentence, HasSubstr(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WrongClientConfigurationTest,
    testing::Values(
        Row{"Empty", "", "/etc/keys/sasl-client.conf: ", "no identity"},
        Row{"NoIdentity", "nat = never\n", "/etc/keys/sasl-client.conf: ", "no identity"},
        Row{"NoKeyFile", "identity = sender.example -\n",
            "/etc/keys/sasl-client.conf:1: ", "DOMAIN SELECTOR KEYFILE"},
        Row{"NoSelector", "identity = sender.example /k\n",
            "/etc/keys/sasl-client.conf:1: ", "DOMAIN SELECTOR KEYFILE"},
        Row{"Nothing", "identity =\n", "/etc/keys/sasl-client.conf:1: ", "DOMAIN SELECTOR KEYFILE"},
        Row{"MoreWords", "identity = sender.example - /a key\n",
            "/etc/keys/sasl-client.conf:1: ", "DOMAIN SELECTOR KEYFILE"},
        Row{"NoDomain", "identity = localhost - /k\n", "/etc/keys/sasl-client.conf:1: ", ""},
        Row{"WrongSelector", "identity = sender.example s_ /k\n", "/etc/keys/sasl-client.conf:1: ", ""},
        Row{"Twice", good + "identity = SENDER.example s /k2\n",
            "/etc/keys/sasl-client.conf:2: ", "sender.example stands here twice"},
        Row{"OptionOfTheSigner", good + "key = /k\n",
            "/etc/keys/sasl-client.conf:2: ", "\"key\" is no option here"},
        Row{"WrongNat", good + "nat = sometimes\n",
            "/etc/keys/sasl-client.conf:2: ", "never, always nor networks"},
        Row{"SkewWithoutUnit", good + "challenge-skew = 120\n", "/etc/keys/sasl-client.conf:2: ", "duration"},
        Row{"SkewWithoutBound", good + "challenge-skew = 3601s\n",
            "/etc/keys/sasl-client.conf:2: ", "challenge-skew is no more than 1h"},
        Row{"NoLineOfOurs", good + "sender.example\n", "/etc/keys/sasl-client.conf:2: ", "key = value"}),
    [](const auto& row) { return row.param.name; });

TEST(ClientConfigurationTest, NoMoreIdentitiesThanThereIsRoomFor) {
  std::string text;
  for (std::size_t i = 0; i < ClientConfiguration::maximum_entries; ++i) {
    text += "identity = d" + std::to_string(i) + ".example - /k\n";
  }
  EXPECT_TRUE(read(text));
  EXPECT_THAT(read(text + good).error().sentence, HasSubstr(":10001: too many"));
}

TEST(ClientConfigurationTest, FileThatIsNotThere) {
  const auto configuration = ClientConfiguration::read_file("/nonexistent/sasl-client.conf");
  ASSERT_FALSE(configuration);
  EXPECT_THAT(configuration.error().sentence, StartsWith("/nonexistent/sasl-client.conf: No such file"));
}

}  // namespace
}  // namespace tecs
