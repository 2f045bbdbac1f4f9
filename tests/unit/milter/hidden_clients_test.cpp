#include "milter/hidden_clients.hpp"

#include <gtest/gtest.h>

#include "unit/hand_clock.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class HiddenClientsTest : public testing::Test {
 protected:
  // How often they seem to be hidden while so many connections come from there.
  int connections_from(const char* address, std::size_t count) {
    int said = 0;
    for (std::size_t i = 0; i < count; ++i) said += clients.seem_so(*IpAddress::parse(address)) ? 1 : 0;
    return said;
  }

  test::HandClock clock;
  HiddenClients clients{clock};
};

TEST_F(HiddenClientsTest, AreSaidWithTheHundredthOfOnePrivateAddressAndThenOnceAnHour) {
  EXPECT_EQ(connections_from("10.0.0.1", 99), 0);
  EXPECT_EQ(connections_from("10.0.0.1", 1), 1);
  EXPECT_EQ(connections_from("10.0.0.1", 1000), 0);
  clock.advance(1h - 1us);
  EXPECT_EQ(connections_from("10.0.0.1", 1), 0);
  clock.advance(1us);
  EXPECT_EQ(connections_from("10.0.0.1", 1000), 1);
}

TEST_F(HiddenClientsTest, OneOtherClientShowsThatTheyAreNot) {
  EXPECT_EQ(connections_from("10.0.0.1", 99), 0);
  EXPECT_EQ(connections_from("10.0.0.2", 1), 0);
  EXPECT_EQ(connections_from("10.0.0.1", 99), 0);
  EXPECT_EQ(connections_from("198.51.100.7", 1), 0);
  EXPECT_EQ(connections_from("10.0.0.1", 99), 0);
  EXPECT_EQ(connections_from("10.0.0.1", 1), 1);
}

TEST_F(HiddenClientsTest, AnotherProxyWithinTheHourIsNotSaid) {
  EXPECT_EQ(connections_from("10.0.0.1", 100), 1);
  EXPECT_EQ(connections_from("fd00::1", 100), 0);
  clock.advance(1h);
  EXPECT_EQ(connections_from("fd00::1", 1), 1);
}

TEST_F(HiddenClientsTest, APublicAddressMayHaveMuchToSend) {
  EXPECT_EQ(connections_from("198.51.100.7", 1000), 0);
}

}  // namespace
}  // namespace tecs
