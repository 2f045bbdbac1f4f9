// A pump that is watched.
#include <sys/socket.h>

#include <atomic>

#include "signer/identity_match.hpp"
#include "signer/pump.hpp"
#include "unit/signer/loop_connections.hpp"

namespace tecs::test {
namespace {

const std::string mail_a = "MAIL FROM:<x@a.example>\r\n";
const std::string mail_b = "MAIL FROM:<x@b.example>\r\n";

class WatchedPump : public LoopTest {
 protected:
  struct Owner {
    Owner(Connection one, Connection other, std::span<char> scratch)
        : mta(std::move(one)), upstream(std::move(other)), pump(mta, upstream, scratch) {}
    Connection mta;
    Connection upstream;
    Pump pump;
  };

  void SetUp() override {
    ASSERT_TRUE(table_.add(*IdentityMatch::parse("sender:a.example"), signer_));
    Connection mta = make_end(mta_);
    Connection upstream = make_end(upstream_);
    owner_ = std::make_shared<Owner>(std::move(mta), std::move(upstream), scratch_);
  }
  void TearDown() override {
    asio::post(loop_, [this] { owner_->pump.stop(); });
    end_loop();
    EXPECT_EQ(done_, 1);
  }

  // Watched for a.example; all others are nobody.
  void start(const std::string& to_upstream = {}) {
    const IdentityChoice choice(table_, {*IpAddress::parse("127.0.0.1"), 25}, *IpAddress::parse("127.0.0.1"));
    const SmtpReply reply{.code = 250, .lines = {"mx.example.com"}, .octets = {}};
    const Continuation connection{signer_, "EHLO relay.example.org\r\n", EhloCapabilities(reply)};
    owner_->pump.watch(TransactionWatch(choice, connection, true));
    asio::post(loop_,
               [this, to_upstream] { owner_->pump.start({}, to_upstream, owner_, [this] { ++done_; }); });
    run_loop();
  }
  bool done() {
    return eventually([this] { return done_ == 1; });
  }
  Pump::Ending ending() {
    return ask([this] { return owner_->pump.ending(); });
  }

  Identity signer_ = std::make_shared<const Signer>(*Domain::parse("a.example"), std::nullopt,
                                                    *SigningKey::generate(KeyType::ed25519, 0));
  IdentityTable table_;
  std::unique_ptr<Peer> mta_;
  std::unique_ptr<Peer> upstream_;
  std::shared_ptr<Owner> owner_;
  std::atomic<int> done_ = 0;
};

TEST_F(WatchedPump, hands_over_what_no_server_has_heard) {
  start(mail_a);
  EXPECT_EQ(upstream_->line() + "\r\n", mail_a);
  mta_->send("RSET\r\n" + mail_b + "RCPT");
  EXPECT_EQ(upstream_->line(), "RSET");
  EXPECT_EQ(done_, 0);
  upstream_->send("250 1\r\n250 2\r\n");
  EXPECT_EQ(mta_->line(), "250 1");
  EXPECT_EQ(mta_->line(), "250 2");
  ASSERT_TRUE(done());
  EXPECT_EQ(ending(), Pump::Ending::hand_over);
  EXPECT_EQ(ask([this] { return owner_->pump.take_held(); }), mail_b + "RCPT");
  // Both connections go on.
  EXPECT_EQ(ask([this] { return owner_->upstream.write_some("QUIT\r\n").octets; }), 6U);
  EXPECT_EQ(upstream_->line(), "QUIT");
  EXPECT_EQ(ask([this] { return owner_->mta.write_some("250 3\r\n").octets; }), 7U);
  EXPECT_EQ(mta_->line(), "250 3");
}

TEST_F(WatchedPump, hands_over_at_once_what_it_begins_with) {
  start(mail_b);
  ASSERT_TRUE(done());
  EXPECT_EQ(ending(), Pump::Ending::hand_over);
}

// The replies do not fit into the kernel's buffers, and the MTA takes them late.
TEST_F(WatchedPump, hands_over_only_when_the_mta_has_all_replies) {
  start();
  mta_->send("HELP\r\n" + mail_b);
  EXPECT_EQ(upstream_->line(), "HELP");
  std::string help;
  for (int i = 0; i < 200'000; ++i) help += "214-this is of no great help to anybody\r\n";
  auto said = std::async(std::launch::async, [&] { upstream_->send(help + "214 end\r\n"); });
  ASSERT_TRUE(eventually([this] { return ask([this] { return owner_->pump.moved(); }); }));
  EXPECT_EQ(done_, 0);
  EXPECT_TRUE(mta_->octets(help.size()) == help);
  EXPECT_EQ(mta_->line(), "214 end");
  ASSERT_TRUE(done());
  EXPECT_EQ(ending(), Pump::Ending::hand_over);
}

TEST_F(WatchedPump, leaves_the_mta_without_a_word_when_the_server_ends_while_it_is_held) {
  start(mail_a + mail_b);
  EXPECT_EQ(upstream_->line() + "\r\n", mail_a);
  upstream_->close();
  EXPECT_TRUE(mta_->closed());
  ASSERT_TRUE(done());
  EXPECT_EQ(ending(), Pump::Ending::abandoned);
}

TEST_F(WatchedPump, leaves_the_mta_without_a_word_when_the_server_had_ended) {
  start();
  upstream_->finish_sending();
  EXPECT_TRUE(mta_->closed());
  mta_->send("RSET\r\n" + mail_b);
  EXPECT_EQ(upstream_->line(), "RSET");
  ASSERT_TRUE(done());
  EXPECT_EQ(ending(), Pump::Ending::abandoned);
}

TEST_F(WatchedPump, says_why_it_refuses_after_all_replies) {
  start(mail_a + "NOOP\n");
  EXPECT_EQ(upstream_->line() + "\r\n", mail_a);
  EXPECT_EQ(done_, 0);
  upstream_->send("250 1\r\n");
  EXPECT_EQ(mta_->line(), "250 1");
  ASSERT_TRUE(done());
  EXPECT_EQ(ending(), Pump::Ending::refused);
  EXPECT_EQ(owner_->pump.watch()->failure().status, "500 5.5.2");
}

TEST_F(WatchedPump, shows_the_reply_to_another_EHLO_as_the_first_was_shown) {
  start();
  mta_->send("NOOP\r\nEHLO relay.example.org\r\n" + mail_a);
  EXPECT_EQ(upstream_->line(), "NOOP");
  EXPECT_EQ(upstream_->line(), "EHLO relay.example.org");
  upstream_->send("250 1\r\n250-mx\r\n250-XCLIENT NAME\r\n250-SIZE 9\r\n250 AU");
  EXPECT_EQ(mta_->line(), "250 1");
  upstream_->send("TH TECS-1\r\n");
  EXPECT_EQ(mta_->line(), "250-mx");
  EXPECT_EQ(mta_->line(), "250 SIZE 9");
  EXPECT_EQ(upstream_->line() + "\r\n", mail_a);
}

TEST_F(WatchedPump, ends_when_the_mta_breaks_while_it_is_held) {
  start(mail_a + mail_b);
  EXPECT_EQ(upstream_->line() + "\r\n", mail_a);
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ASSERT_EQ(::setsockopt(mta_->socket(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
  mta_->close();
  upstream_->send("250-1\r\n");
  EXPECT_TRUE(eventually([this] {
    upstream_->send("250-2\r\n");
    return done_ == 1;
  }));
  EXPECT_EQ(ending(), Pump::Ending::over);
}

TEST_F(WatchedPump, leaves_between_transactions_only) {
  start(mail_a);
  EXPECT_EQ(upstream_->line() + "\r\n", mail_a);
  const auto leave = [this] {
    return ask([this] {
      owner_->pump.leave();
      return owner_->pump.ending();
    });
  };
  EXPECT_EQ(leave(), Pump::Ending::over);
  upstream_->send("250 1\r\n");
  EXPECT_EQ(mta_->line(), "250 1");
  EXPECT_EQ(leave(), Pump::Ending::over);
  mta_->send("RSET\r\nNO");
  EXPECT_EQ(upstream_->line(), "RSET");
  upstream_->send("250 2\r\n");
  EXPECT_EQ(mta_->line(), "250 2");
  EXPECT_EQ(leave(), Pump::Ending::over) << "a command has begun";
  mta_->send("OP\r\n");
  EXPECT_EQ(upstream_->line(), "NOOP");
  upstream_->send("250 3\r\n");
  EXPECT_EQ(mta_->line(), "250 3");
  EXPECT_EQ(leave(), Pump::Ending::left);
  EXPECT_TRUE(done());
}

TEST_F(WatchedPump, passes_on_an_end_of_the_mta) {
  start("NOOP\r\nand half a comm");
  EXPECT_EQ(upstream_->line(), "NOOP");
  mta_->finish_sending();
  EXPECT_TRUE(upstream_->closed());
  upstream_->send("250 1\r\n");
  EXPECT_EQ(mta_->line(), "250 1");
  upstream_->close();
  EXPECT_TRUE(mta_->closed());
  ASSERT_TRUE(done());
  EXPECT_EQ(ending(), Pump::Ending::over);
}

}  // namespace
}  // namespace tecs::test
