#include "smtp/tls_stream.hpp"

#include <gtest/gtest.h>

#include <future>

#include "unit/smtp/tls_fixture.hpp"

namespace tecs::test {
namespace {

using State = Transfer::State;

class TlsStreamTest : public TlsFixture {
 protected:
  TlsStream connect(const std::string& host = "") {
    TlsStream made = stream({.server_name = host});
    EXPECT_EQ(shake_hands(made).state, State::done) << made.failure_sentence();
    EXPECT_TRUE(accepted_);
    return made;
  }
};

TEST_F(TlsStreamTest, carries_octets_both_ways_whoever_signed_the_certificate) {
  TlsStream stream = connect();
  EXPECT_EQ(stream.version(), "TLSv1.3");
  EXPECT_EQ(finish([&] { return stream.write_some("EHLO me\r\n"); }).octets, 9U);
  EXPECT_EQ(server_->line(), "EHLO me");
  server_->send("250 mx\r\n");
  const Transfer read = finish([&] { return stream.read_some(space_); });
  EXPECT_EQ(std::string(space_.data(), read.octets), "250 mx\r\n");
}

TEST_F(TlsStreamTest, names_the_host_when_it_is_known) {
  const TlsStream stream = connect("mx.example.com");
  EXPECT_EQ(server_->server_name(), "mx.example.com");
}

TEST_F(TlsStreamTest, names_no_host_when_none_is_known) {
  const TlsStream stream = connect();
  EXPECT_EQ(server_->server_name(), "");
}

TEST_F(TlsStreamTest, says_when_it_holds_octets_that_the_socket_no_longer_has) {
  TlsStream stream = connect();
  server_->send("in one record");
  ASSERT_EQ(finish([&] { return stream.read_some({space_.data(), 2}); }).octets, 2U);
  EXPECT_TRUE(stream.holds_octets());
  ASSERT_EQ(stream.read_some(space_).octets, 11U);
  EXPECT_FALSE(stream.holds_octets());
  EXPECT_EQ(stream.read_some(space_).state, State::want_read);
}

TEST_F(TlsStreamTest, does_not_write_more_than_the_peer_takes) {
  TlsStream stream = connect();
  const std::string much(16'000, 'x');
  std::size_t written = 0;
  Transfer transfer{State::done};
  for (; written < 100'000'000 && transfer.state == State::done; written += transfer.octets) {
    transfer = stream.write_some(much);
  }
  EXPECT_EQ(transfer.state, State::want_write);
  auto drained = std::async(std::launch::async,
                            [this, written, &much] { return server_->octets(written + much.size()); });
  EXPECT_EQ(finish([&] { return stream.write_some(std::string(much)); }).octets, much.size())
      << "at another address";
  EXPECT_EQ(drained.get(), std::string(written + much.size(), 'x'));
}

TEST_F(TlsStreamTest, ends_with_close_notify) {
  TlsStream stream = connect();
  server_->close();
  EXPECT_EQ(finish([&] { return stream.read_some(space_); }).state, State::closed);
}

TEST_F(TlsStreamTest, ends_without_close_notify_as_many_servers_do) {
  TlsStream stream = connect();
  server_->break_off();
  EXPECT_EQ(finish([&] { return stream.read_some(space_); }).state, State::closed);
}

TEST_F(TlsStreamTest, tells_the_peer_when_it_closes) {
  TlsStream stream = connect();
  stream.close();
  EXPECT_TRUE(server_->closed());
}

TEST_F(TlsStreamTest, fails_with_a_sentence_when_the_peer_does_not_speak_tls) {
  TlsStream stream = this->stream({});
  server_->send("250-this is not a handshake\r\n250 at all\r\n");
  EXPECT_EQ(finish([&] { return stream.handshake(); }).state, State::failed);
  EXPECT_EQ(stream.failure_sentence(), "TLS: wrong version number");
}

TEST_F(TlsStreamTest, fails_with_a_sentence_when_the_peer_leaves_during_the_handshake) {
  TlsStream stream = this->stream({});
  EXPECT_EQ(stream.handshake().state, State::want_read);
  server_->close();
  EXPECT_EQ(finish([&] { return stream.handshake(); }).state, State::failed);
  EXPECT_NE(stream.failure_sentence(), "");
}

}  // namespace
}  // namespace tecs::test
