// A connection that was redirected needs a firewall: the integration tests have one, in a network namespace
// of their own.
#include "signer/original_destination.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

class NotRedirected : public testing::TestWithParam<const char*> {};

TEST_P(NotRedirected, is_an_error_and_no_loop) {
  SocketAddress address = SocketAddress::of(*IpAddress::parse(GetParam()), 0);
  const int listener = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(listener, address.pointer(), address.length), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, address.pointer(), &address.length), 0);
  const int client = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::connect(client, address.pointer(), address.length), 0);
  const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  ASSERT_GE(accepted, 0);
  const auto destination = original_destination(accepted);
  ASSERT_FALSE(destination) << destination->format();
  EXPECT_EQ(destination.error().reason, Reason::io_error);
  for (const int socket : {listener, client, accepted}) ::close(socket);
}

INSTANTIATE_TEST_SUITE_P(Rows, NotRedirected, testing::Values("127.0.0.1", "::1"));

TEST(OriginalDestination, of_what_is_no_socket_is_an_error) {
  EXPECT_EQ(original_destination(-1).error().reason, Reason::io_error);
}

}  // namespace
}  // namespace tecs
