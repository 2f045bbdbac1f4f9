#include "sasl/door_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/un.h>

#include <string>

namespace tecs {
namespace {

using testing::StartsWith;

TEST(DoorOptionsTest, UnixSocket) {
  const auto options = DoorOptions::parse("unix:/run/tecs/sasl", "");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->door.storage.ss_family, AF_UNIX);
  EXPECT_STREQ(reinterpret_cast<const sockaddr_un*>(options->door.pointer())->sun_path, "/run/tecs/sasl");
  EXPECT_EQ(options->patience, std::chrono::seconds(10));
}

TEST(DoorOptionsTest, InternetSockets) {
  EXPECT_EQ(DoorOptions::parse("inet:192.0.2.1:12345", "")->door.endpoint()->format(), "192.0.2.1:12345");
  EXPECT_EQ(DoorOptions::parse("inet6:[2001:db8::1]:12345", "")->door.endpoint()->format(),
            "[2001:db8::1]:12345");
}

TEST(DoorOptionsTest, ThisHost) {
  EXPECT_EQ(DoorOptions::parse("inet:localhost:12345", "")->door.endpoint()->format(), "127.0.0.1:12345");
}

TEST(DoorOptionsTest, Timeout) {
  EXPECT_EQ(DoorOptions::parse("unix:/run/tecs/sasl", "1")->patience, std::chrono::seconds(1));
  EXPECT_EQ(DoorOptions::parse("unix:/run/tecs/sasl", "60")->patience, std::chrono::seconds(60));
}

struct Row {
  std::string name;
  std::string tecs_socket;
  std::string tecs_timeout;
  std::string want;  // what the sentence begins with
};

class WrongDoorOptionsTest : public testing::TestWithParam<Row> {};

TEST_P(WrongDoorOptionsTest, AreNamed) {
  const auto options = DoorOptions::parse(GetParam().tecs_socket, GetParam().tecs_timeout);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().reason, Reason::bad_option);
  EXPECT_THAT(options.error().sentence, StartsWith(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WrongDoorOptionsTest,
    testing::Values(Row{"NoSocket", "", "", "tecs_socket"},                                   //
                    Row{"NoType", "/run/tecs/sasl", "", "tecs_socket"},                       //
                    Row{"RelativePath", "unix:run/tecs/sasl", "", "tecs_socket"},             //
                    Row{"PathTooLong", "unix:/" + std::string(107, 'a'), "", "tecs_socket"},  //
                    Row{"Name", "inet:mx.example.net:12345", "", "tecs_socket"},              //
                    Row{"NoPort", "inet:192.0.2.1", "", "tecs_socket"},                       //
                    Row{"PortZero", "inet:192.0.2.1:0", "", "tecs_socket"},                   //
                    Row{"AnyAddress", "inet:0.0.0.0:12345", "", "tecs_socket"},               //
                    Row{"TimeoutZero", "unix:/run/tecs/sasl", "0", "tecs_timeout"},           //
                    Row{"TimeoutTooLong", "unix:/run/tecs/sasl", "61", "tecs_timeout"},       //
                    Row{"TimeoutWithUnit", "unix:/run/tecs/sasl", "10s", "tecs_timeout"},     //
                    Row{"TimeoutWithSign", "unix:/run/tecs/sasl", "+10", "tecs_timeout"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tecs
