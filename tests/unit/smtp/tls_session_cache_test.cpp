#include "smtp/tls_session_cache.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "unit/smtp/tls_fixture.hpp"

namespace tecs::test {
namespace {

using namespace std::chrono_literals;
using State = Transfer::State;

class TlsSessions : public TlsFixture {
 protected:
  // A whole connection, at whose end a ticket is there if the server gave one.
  bool resumes(const TlsPlan& plan, ssl_ctx_st* server) {
    new_sockets();
    TlsStream made = stream(plan);
    const Transfer transfer = shake_hands(made, server);
    EXPECT_EQ(transfer.state, State::done) << made.failure_sentence();
    if (transfer.state != State::done) return false;
    server_->send("250 mx\r\n");
    EXPECT_EQ(finish([&] { return made.read_some(space_); }).octets, 8U);
    result_ = made.result();
    return made.resumed();
  }

  // Other server keys have other tickets.
  const Certificate certificate_ = Certificate::self_signed({.name = "mx.example.com"});
  const std::shared_ptr<ssl_ctx_st> server_context_ = certificate_.server();
  const TlsPlan plan_{.server_name = "mx.example.com"};
  const TlsPlan dane_plan_{.level = TlsLevel::dane,
                           .demand = TlsDemand::required,
                           .server_name = "mx.example.com",
                           .tlsa = {{3, 1, 1, sha256_of(certificate_.public_key_der())}}};
  TlsResult result_ = TlsResult::failed;
};

TEST_F(TlsSessions, are_resumed) {
  EXPECT_FALSE(resumes(plan_, server_context_.get()));
  EXPECT_TRUE(resumes(plan_, server_context_.get()));
  EXPECT_TRUE(resumes(plan_, server_context_.get())) << "and again";
  EXPECT_EQ(result_, TlsResult::encrypted);
  EXPECT_EQ(context_.kept_sessions(), 1U);
}

TEST_F(TlsSessions, are_resumed_with_the_older_protocol) {
  const auto server = certificate_.server({}, TLS1_2_VERSION);
  EXPECT_FALSE(resumes(plan_, server.get()));
  EXPECT_TRUE(resumes(plan_, server.get()));
}

TEST_F(TlsSessions, that_were_proved_stay_proved) {
  EXPECT_FALSE(resumes(dane_plan_, server_context_.get()));
  EXPECT_TRUE(resumes(dane_plan_, server_context_.get()));
  EXPECT_EQ(result_, TlsResult::dane);
}

TEST_F(TlsSessions, that_were_not_proved_do_not_stand_in_for_such) {
  EXPECT_FALSE(resumes(plan_, server_context_.get()));
  EXPECT_FALSE(resumes(dane_plan_, server_context_.get()));
}

TEST_F(TlsSessions, end_when_the_tlsa_records_change) {
  EXPECT_FALSE(resumes(dane_plan_, server_context_.get()));
  TlsPlan changed = dane_plan_;
  changed.tlsa.push_back({3, 1, 1, sha256_of("another key")});
  EXPECT_FALSE(resumes(changed, server_context_.get())) << "a record more";
  changed.tlsa.erase(changed.tlsa.begin());
  new_sockets();
  TlsStream stream = this->stream(changed);
  EXPECT_EQ(shake_hands(stream, server_context_.get()).state, State::failed) << "the right one is gone";
}

TEST_F(TlsSessions, are_not_for_another_server) {
  EXPECT_FALSE(resumes(plan_, server_context_.get()));
  endpoint_ = *Endpoint::parse("192.0.2.26:25");
  EXPECT_FALSE(resumes(plan_, server_context_.get()));
}

TEST_F(TlsSessions, end_a_lifetime_after_the_certificate_was_seen) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SCOPED_TRACE(version);
    const auto server = certificate_.server({}, version);
    EXPECT_FALSE(resumes(plan_, server.get()));
    clock_.advance(30min);
    EXPECT_TRUE(resumes(plan_, server.get())) << "which brings new tickets";
    clock_.advance(29min);
    EXPECT_TRUE(resumes(plan_, server.get()));
    clock_.advance(2min);
    EXPECT_FALSE(resumes(plan_, server.get())) << "whatever was resumed in between";
    clock_.advance(59min);
    EXPECT_TRUE(resumes(plan_, server.get())) << "the certificate was seen again";
    clock_.advance(1min);
  }
}

// The server has forgotten the session that it was offered.
TEST_F(TlsSessions, have_a_lifetime_of_their_own_after_a_full_handshake) {
  EXPECT_FALSE(resumes(plan_, server_context_.get()));
  clock_.advance(59min);
  const auto restarted = certificate_.server();
  EXPECT_FALSE(resumes(plan_, restarted.get()));
  clock_.advance(59min);
  EXPECT_TRUE(resumes(plan_, restarted.get()));
}

TEST_F(TlsSessions, that_the_server_no_longer_knows_are_made_anew) {
  EXPECT_FALSE(resumes(plan_, server_context_.get()));
  EXPECT_FALSE(resumes(plan_, certificate_.server().get()));
}

TEST_F(TlsSessions, are_forgotten_when_a_handshake_with_them_fails) {
  EXPECT_FALSE(resumes(plan_, server_context_.get()));
  new_sockets();
  TlsStream stream = this->stream(plan_);
  server_->send("250 this is no handshake\r\n");
  EXPECT_EQ(finish([&] { return stream.handshake(); }).state, State::failed);
  EXPECT_EQ(context_.kept_sessions(), 0U);
}

TEST_F(TlsSessions, that_are_too_long_are_not_kept) {
  context_ = *TlsContext::make({}, clock_, {.octets = 500});
  EXPECT_FALSE(resumes(plan_, server_context_.get()));
  EXPECT_EQ(context_.kept_sessions(), 0U);
}

TEST(TlsSessionCache, keeps_nothing_that_cannot_be_resumed) {
  const HandClock clock;
  TlsSessionCache cache(clock);
  cache.keep("a", *TlsSession(SSL_SESSION_new()), cache.end_from_now());  // nobody gave a ticket for it
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.find("a").session, nullptr);
  cache.forget("a");
}

TEST_F(TlsSessions, that_were_asked_for_last_stay) {
  context_ = *TlsContext::make({}, clock_, {.sessions = 2});
  const auto server = [this](int number) {
    endpoint_ = *Endpoint::parse("192.0.2." + std::to_string(number) + ":25");
    return server_context_.get();
  };
  EXPECT_FALSE(resumes(plan_, server(1)));
  EXPECT_FALSE(resumes(plan_, server(2)));
  EXPECT_TRUE(resumes(plan_, server(1)));
  EXPECT_FALSE(resumes(plan_, server(3)));
  EXPECT_EQ(context_.kept_sessions(), 2U);
  EXPECT_TRUE(resumes(plan_, server(1)));
  EXPECT_FALSE(resumes(plan_, server(2)));
}

TEST(TlsSessionKey, is_another_for_whatever_decides_who_the_server_is) {
  const Endpoint server = *Endpoint::parse("192.0.2.25:25");
  const TlsPlan plan{
      .level = TlsLevel::dane, .server_name = "mx.example.com", .tlsa = {{3, 1, 1, "one"}, {2, 0, 1, "two"}}};
  const std::string key = tls_session_key(plan, server);
  const auto changed = [&plan](auto change) {
    TlsPlan other = plan;
    change(other);
    return other;
  };
  EXPECT_EQ(tls_session_key(changed([](TlsPlan& p) { std::swap(p.tlsa[0], p.tlsa[1]); }), server), key);
  EXPECT_NE(tls_session_key(plan, *Endpoint::parse("192.0.2.25:26")), key);
  for (const TlsPlan& other : {
           changed([](TlsPlan& p) { p.level = TlsLevel::verify; }),
           changed([](TlsPlan& p) { p.server_name = "mx.example.net"; }),
           changed([](TlsPlan& p) { p.other_names = {"mx.example.org"}; }),
           changed([](TlsPlan& p) { p.tlsa.clear(); }),
           changed([](TlsPlan& p) { p.tlsa.pop_back(); }),
           changed([](TlsPlan& p) { p.tlsa[0].usage = 2; }),
           changed([](TlsPlan& p) { p.tlsa[0].selector = 0; }),
           changed([](TlsPlan& p) { p.tlsa[0].matching_type = 2; }),
           changed([](TlsPlan& p) { p.tlsa[0].association = "on"; }),
       }) {
    EXPECT_NE(tls_session_key(other, server), key);
  }
}

}  // namespace
}  // namespace tecs::test
