#include "signer/farewell.hpp"

#include <atomic>

#include "unit/signer/loop_connections.hpp"

namespace tecs::test {
namespace {

class FarewellTest : public LoopTest {
 protected:
  struct Owner {
    Owner(Connection connection, std::span<char> scratch)
        : mta(std::move(connection)), farewell(mta, scratch) {}
    Connection mta;
    Farewell farewell;
  };

  void SetUp() override { owner_ = std::make_shared<Owner>(make_end(mta_), scratch_); }
  void TearDown() override {
    end_loop();
    EXPECT_EQ(done_, 1);
  }

  void start(const std::string& reply) {
    asio::post(loop_, [this, reply] { owner_->farewell.start(reply, owner_, [this] { ++done_; }); });
    run_loop();
  }

  std::unique_ptr<Peer> mta_;
  std::shared_ptr<Owner> owner_;
  std::atomic<int> done_ = 0;
};

TEST_F(FarewellTest, is_heard_by_an_mta_that_goes_on_sending) {
  start("554 no\r\n");
  EXPECT_TRUE(mta_->send(std::string(8'000'000, 'x'))) << "nothing breaks the connection";
  EXPECT_EQ(mta_->line(), "554 no");
  EXPECT_TRUE(mta_->closed());
  EXPECT_EQ(done_, 0);
  mta_->close();
  EXPECT_TRUE(eventually([this] { return done_ == 1; }));
}

TEST_F(FarewellTest, may_be_without_a_word) {
  start("");
  EXPECT_TRUE(mta_->closed());
  mta_->close();
  EXPECT_TRUE(eventually([this] { return done_ == 1; }));
}

TEST_F(FarewellTest, is_said_as_slowly_as_the_mta_hears_it) {
  const std::string reply(6'000'000, 'x');
  start(reply);
  EXPECT_TRUE(mta_->octets(reply.size()) == reply);
  EXPECT_TRUE(mta_->closed());
  mta_->close();
}

TEST_F(FarewellTest, does_not_wait_for_ever) {
  start("421 bye\r\n");
  EXPECT_EQ(mta_->line(), "421 bye");
  asio::post(loop_, [this] { owner_->farewell.stop(); });
  EXPECT_TRUE(eventually([this] { return done_ == 1; }));
}

TEST_F(FarewellTest, ends_with_an_mta_that_is_gone) {
  mta_->close();
  start("421 bye\r\n");
  EXPECT_TRUE(eventually([this] { return done_ == 1; }));
}

}  // namespace
}  // namespace tecs::test
