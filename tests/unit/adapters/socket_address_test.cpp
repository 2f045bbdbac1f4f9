#include "tecs/adapters/socket_address.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstring>

namespace tecs {
namespace {

class SocketAddresses : public testing::TestWithParam<const char*> {};

TEST_P(SocketAddresses, go_there_and_back) {
  const Endpoint endpoint = *Endpoint::parse(GetParam());
  const auto back = SocketAddress::of(endpoint).endpoint();
  ASSERT_TRUE(back) << back.error().sentence;
  EXPECT_EQ(*back, endpoint);
}

INSTANTIATE_TEST_SUITE_P(Rows, SocketAddresses,
                         testing::Values("192.0.2.25:25", "255.255.255.255:65535", "[2001:db8::25]:25",
                                         "[::1]:1"));

TEST(SocketAddress, of_an_ipv4_client_on_an_ipv6_socket_is_ipv4) {
  sockaddr_in6 raw{};
  raw.sin6_family = AF_INET6;
  raw.sin6_port = htons(25);
  const std::uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
  std::memcpy(&raw.sin6_addr, mapped, sizeof mapped);
  SocketAddress address;
  std::memcpy(&address.storage, &raw, sizeof raw);
  EXPECT_EQ(address.endpoint().value(), *Endpoint::parse("192.0.2.1:25"));
}

TEST(SocketAddress, of_a_scope_is_none) {
  SocketAddress address = SocketAddress::of(*Endpoint::parse("[fe80::1]:25"));
  ASSERT_TRUE(address.endpoint());
  sockaddr_in6 raw{};
  std::memcpy(&raw, &address.storage, sizeof raw);
  raw.sin6_scope_id = 2;
  std::memcpy(&address.storage, &raw, sizeof raw);
  EXPECT_EQ(address.endpoint().error().reason, Reason::bad_endpoint);
  EXPECT_EQ(address.address()->format(), "fe80::1");
}

TEST(SocketAddress, without_a_port_is_no_end_point) {
  const SocketAddress address = SocketAddress::of(*IpAddress::parse("192.0.2.1"), 0);
  EXPECT_FALSE(address.endpoint());
  EXPECT_EQ(address.address()->format(), "192.0.2.1");
}

TEST(SocketAddress, of_another_family_is_none) {
  SocketAddress address;
  address.storage.ss_family = AF_UNIX;
  EXPECT_EQ(address.endpoint().error().reason, Reason::bad_endpoint);
}

TEST(SocketAddress, of_what_the_kernel_gives) {
  const SocketAddress tcp = SocketAddress::of(*Endpoint::parse("[2001:db8::25]:25"));
  EXPECT_EQ(SocketAddress::of(tcp.pointer()).endpoint()->format(), "[2001:db8::25]:25");
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_FALSE(SocketAddress::of(&local).endpoint());
  EXPECT_FALSE(SocketAddress::of(nullptr).endpoint());
  EXPECT_FALSE(SocketAddress::of(nullptr).address());
  EXPECT_FALSE(SocketAddress::of(&local).address());
}

TEST(SocketAddress, of_a_socket_without_a_peer_is_an_error) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(socket, 0);
  EXPECT_EQ(peer_endpoint(socket).error().reason, Reason::io_error);
  ::close(socket);
  EXPECT_EQ(local_endpoint(-1).error().reason, Reason::io_error);
}

}  // namespace
}  // namespace tecs
