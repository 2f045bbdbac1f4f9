// A TLS client on one end of a socket pair, and a server on the other.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "smtp/tls_stream.hpp"
#include "unit/hand_clock.hpp"
#include "unit/smtp/certificate.hpp"
#include "unit/smtp/scripted_server.hpp"

namespace tecs::test {

class TlsFixture : public testing::Test {
 protected:
  static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }

  void SetUp() override { new_sockets(); }

  void new_sockets() {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    client_socket_ = std::make_unique<Peer>(ends[0]);
    server_ = std::make_unique<Peer>(ends[1]);
    ASSERT_EQ(::fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
  }

  // Tries until it is done or failed, waiting as it is told to.
  Transfer finish(const std::function<Transfer()>& attempt) const {
    for (;;) {
      const Transfer transfer = attempt();
      if (transfer.state != Transfer::State::want_read && transfer.state != Transfer::State::want_write) {
        return transfer;
      }
      const bool reads = transfer.state == Transfer::State::want_read;
      pollfd wait{client_socket_->socket(), static_cast<short>(reads ? POLLIN : POLLOUT), 0};
      if (::poll(&wait, 1, 10'000) != 1) return {Transfer::State::failed};
    }
  }

  [[nodiscard]] TlsStream stream(const TlsPlan& plan) const {
    return {context_, client_socket_->socket(), plan, endpoint_};
  }

  // Also when it fails. context: of the server; null: its usual one.
  Transfer shake_hands(TlsStream& stream, ssl_ctx_st* context = nullptr) {
    auto accepted = std::async(std::launch::async, [this, context] { return server_->start_tls(context); });
    const Transfer transfer = finish([&stream] { return stream.handshake(); });
    if (transfer.state != Transfer::State::done) client_socket_->break_off();
    accepted_ = accepted.get();
    return transfer;
  }

  HandClock clock_;
  Endpoint endpoint_ = *Endpoint::parse("192.0.2.25:25");
  TlsContext context_ = *TlsContext::make({}, clock_);
  std::unique_ptr<Peer> client_socket_;
  std::unique_ptr<Peer> server_;
  bool accepted_ = false;  // by the server
  std::array<char, 65'536> space_{};
};

}  // namespace tecs::test
