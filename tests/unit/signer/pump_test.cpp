#include "signer/pump.hpp"

#include <sys/socket.h>

#include <atomic>
#include <future>

#include "unit/signer/loop_connections.hpp"

namespace tecs::test {
namespace {

// A pump between two TCP connections of loopback; the test holds their far ends.
class PumpTest : public LoopTest {
 protected:
  struct Owner {
    Owner(Connection one, Connection other, std::span<char> scratch)
        : mta(std::move(one)), upstream(std::move(other)), pump(mta, upstream, scratch) {}
    Connection mta;
    Connection upstream;
    Pump pump;
  };

  void SetUp() override {
    Connection mta = make_end(mta_);
    Connection upstream = make_end(upstream_);
    owner_ = std::make_shared<Owner>(std::move(mta), std::move(upstream), scratch_);
  }

  void TearDown() override {
    if (loop_thread_.joinable()) asio::post(loop_, [this] { owner_->pump.stop(); });
    end_loop();
    EXPECT_EQ(done_, 1);
  }

  void start(std::string to_mta = {}, std::string to_upstream = {}) {
    asio::post(loop_, [this, to_mta = std::move(to_mta), to_upstream = std::move(to_upstream)]() mutable {
      owner_->pump.start(std::move(to_mta), std::move(to_upstream), owner_, [this] { ++done_; });
    });
    run_loop();
  }

  // In the thread of the loop.
  template <typename Value>
  Value ask(Value (*question)(Pump&)) {
    std::promise<Value> answer;
    asio::post(loop_, [&] { answer.set_value(question(owner_->pump)); });
    return answer.get_future().get();
  }

  std::unique_ptr<Peer> mta_;
  std::unique_ptr<Peer> upstream_;
  std::shared_ptr<Owner> owner_;
  std::atomic<int> done_ = 0;
};

TEST_F(PumpTest, sends_what_was_left_first_and_then_all_that_comes) {
  start("250 to the MTA\r\n", "MAIL to the server\r\n");
  mta_->send("RCPT\r\n");
  upstream_->send("354\r\n");
  EXPECT_EQ(mta_->line(), "250 to the MTA");
  EXPECT_EQ(mta_->line(), "354");
  EXPECT_EQ(upstream_->line(), "MAIL to the server");
  EXPECT_EQ(upstream_->line(), "RCPT");
  EXPECT_EQ(ask<std::uint64_t>([](Pump& pump) { return pump.octets_to_upstream(); }), 6U);
  EXPECT_EQ(ask<std::uint64_t>([](Pump& pump) { return pump.octets_to_mta(); }), 5U);
}

TEST_F(PumpTest, changes_no_octet_however_many) {
  start();
  std::string octets(3'000'000, '\0');
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<char>(i * i >> 8U);
  auto up = std::async(std::launch::async, [&] { mta_->send(octets); });
  auto down = std::async(std::launch::async, [&] { upstream_->send(octets); });
  auto received = std::async(std::launch::async, [&] { return upstream_->octets(octets.size()); });
  EXPECT_TRUE(mta_->octets(octets.size()) == octets);
  EXPECT_TRUE(received.get() == octets);
}

TEST_F(PumpTest, reads_no_more_than_the_receiver_takes) {
  start();
  // Without a reader only what the kernel's buffers hold can leave; then send() must find the way blocked.
  const std::string piece(100'000, 'x');
  std::size_t sent = 0;
  const auto push = [&] {
    const ssize_t count = ::send(mta_->socket(), piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) sent += static_cast<std::size_t>(count);
    return count < 0;
  };
  ASSERT_TRUE(eventually([&] {
    while (!push()) {
    }
    (void)ask<bool>([](Pump& pump) { return pump.moved(); });
    return push() && !ask<bool>([](Pump& pump) { return pump.moved(); });
  }));
  EXPECT_LT(sent, 50'000'000U);
  EXPECT_EQ(upstream_->octets(sent), std::string(sent, 'x'));
}

// Else a session that was quiet when one side ended would keep the limit of one that is whole.
TEST_F(PumpTest, an_end_counts_as_movement) {
  start();
  EXPECT_FALSE(ask<bool>([](Pump& pump) { return pump.moved(); }));
  mta_->finish_sending();
  EXPECT_TRUE(upstream_->closed());
  EXPECT_TRUE(ask<bool>([](Pump& pump) { return pump.moved(); }));
}

TEST_F(PumpTest, passes_on_an_end_and_lets_the_other_way_go_on) {
  start();
  mta_->send("QUIT\r\n");
  mta_->finish_sending();
  EXPECT_EQ(upstream_->line(), "QUIT");
  EXPECT_TRUE(upstream_->closed());
  EXPECT_TRUE(ask<bool>([](Pump& pump) { return pump.half_closed(); }));
  upstream_->send("221 bye\r\n");
  EXPECT_EQ(mta_->line(), "221 bye");
  EXPECT_EQ(done_, 0);
  upstream_->close();
  EXPECT_TRUE(mta_->closed());
  EXPECT_TRUE(eventually([this] { return done_ == 1; }));
}

TEST_F(PumpTest, ends_both_when_one_breaks) {
  start();
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ASSERT_EQ(::setsockopt(mta_->socket(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
  mta_->close();
  EXPECT_TRUE(upstream_->closed());
  EXPECT_TRUE(eventually([this] { return done_ == 1; }));
}

TEST_F(PumpTest, ends_at_once_when_stopped) {
  start("", "");
  asio::post(loop_, [this] { owner_->pump.stop(); });
  EXPECT_TRUE(mta_->closed());
  EXPECT_TRUE(upstream_->closed());
  EXPECT_TRUE(eventually([this] { return done_ == 1; }));
}

TEST_F(PumpTest, keeps_its_owner_alive_while_something_waits) {
  const std::weak_ptr<Owner> owner = owner_;
  start();
  ask<bool>([](Pump& pump) { return pump.moved(); });
  asio::post(loop_, [this] { owner_.reset(); });
  mta_->send("x\r\n");
  EXPECT_EQ(upstream_->line(), "x");
  EXPECT_FALSE(owner.expired());
  mta_->close();
  upstream_->close();
  EXPECT_TRUE(eventually([&owner] { return owner.expired(); }));
  end_loop();
}

}  // namespace
}  // namespace tecs::test
