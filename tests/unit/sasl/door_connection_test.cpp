#include "sasl/door_connection.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tecs/adapters/system_clock.hpp"
#include "unit/sasl/scripted_door.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::ScriptedDoor;

class DoorConnectionTest : public testing::Test {
 protected:
  [[nodiscard]] Expected<DoorConnection> connect(const ScriptedDoor& door) const {
    return DoorConnection::connect(door.address(), clock, soon(10s));
  }
  [[nodiscard]] DoorConnection::Deadline soon(std::chrono::milliseconds time) const {
    return clock.steady() + time;
  }

  SystemClock clock;
};

TEST_F(DoorConnectionTest, WritesAndReads) {
  ScriptedDoor door([](ScriptedDoor::Peer& peer) { peer.say(peer.hear() + "!"); });
  auto connection = connect(door);
  ASSERT_TRUE(connection);
  EXPECT_TRUE(connection->write("hello\n", soon(10s)));
  EXPECT_EQ(connection->read(soon(10s)).value(), "hello!");
  EXPECT_EQ(connection->read(soon(10s)).value(), "") << "closed";
}

TEST_F(DoorConnectionTest, NobodyIsThere) {
  SocketAddress nowhere;
  {
    const ScriptedDoor door({});
    nowhere = door.address();
  }
  const auto connection = DoorConnection::connect(nowhere, clock, soon(10s));
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().reason, Reason::io_error);
  EXPECT_EQ(connection.error().sentence, "No such file or directory");
}

TEST_F(DoorConnectionTest, NobodyListens) {
  // A port of this host that is bound, and so nobody else's.
  const FileDescriptor bound(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  SocketAddress address = SocketAddress::of(*IpAddress::parse("127.0.0.1"), 0);
  ASSERT_EQ(bind(bound.number(), address.pointer(), address.length), 0);
  address = SocketAddress::of(*local_endpoint(bound.number()));
  const auto connection = DoorConnection::connect(address, clock, soon(10s));
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().sentence, "Connection refused");
}

TEST_F(DoorConnectionTest, OverTcp) {
  const FileDescriptor listening(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  SocketAddress address = SocketAddress::of(*IpAddress::parse("127.0.0.1"), 0);
  ASSERT_EQ(bind(listening.number(), address.pointer(), address.length), 0);
  ASSERT_EQ(listen(listening.number(), 1), 0);
  address = SocketAddress::of(*local_endpoint(listening.number()));
  auto connection = DoorConnection::connect(address, clock, soon(10s));
  ASSERT_TRUE(connection);
  FileDescriptor accepted(accept4(listening.number(), nullptr, nullptr, SOCK_CLOEXEC));
  // The door resets a connection over TCP where it closes one over a unix socket.
  const linger reset{1, 0};
  setsockopt(accepted.number(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  accepted.reset();
  EXPECT_EQ(connection->read(soon(10s)).value(), "");
}

TEST_F(DoorConnectionTest, AFullQueueIsWaitedFor) {
  const ScriptedDoor door({}, 0);
  const auto first = connect(door);
  ASSERT_TRUE(first);
  const auto second = DoorConnection::connect(door.address(), clock, soon(50ms));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().sentence, "Connection timed out");
}

TEST_F(DoorConnectionTest, SilenceHasAnEnd) {
  ScriptedDoor door([](ScriptedDoor::Peer& peer) { peer.wait_for_the_end(); });
  auto connection = std::optional(connect(door).value());
  const auto octets = connection->read(soon(50ms));
  ASSERT_FALSE(octets);
  EXPECT_EQ(octets.error().sentence, "Connection timed out");
  connection.reset();
}

TEST_F(DoorConnectionTest, WhoDoesNotReadIsNotWaitedForEither) {
  const ScriptedDoor door({});
  auto connection = connect(door);
  ASSERT_TRUE(connection);
  const auto written = connection->write(std::string(std::size_t{8} << 20U, 'x'), soon(50ms));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().sentence, "Connection timed out");
}

// SIGPIPE would end the MTA's process, and this one.
TEST_F(DoorConnectionTest, WritingToAClosedDoorRaisesNoSignal) {
  ScriptedDoor door([](ScriptedDoor::Peer&) {});
  auto connection = connect(door);
  ASSERT_TRUE(connection);
  EXPECT_EQ(connection->read(soon(10s)).value(), "");
  const auto written = connection->write("hello\n", soon(10s));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().sentence, "Broken pipe");
}

}  // namespace
}  // namespace tecs
