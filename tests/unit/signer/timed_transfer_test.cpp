#include "signer/timed_transfer.hpp"

#include <asio/co_spawn.hpp>

#include "unit/signer/loop_connections.hpp"

namespace tecs::test {
namespace {

using std::chrono::milliseconds;

class TimedTransferTest : public LoopTest {
 protected:
  static constexpr TimedTransfer::TimePoint begin{};

  // Whether it was there in time.
  void wait(Connection::Wait what) {
    in_time_.reset();
    asio::co_spawn(loop_.get_executor(), transfer_.wait(connection_, what),
                   [this](const std::exception_ptr&, bool in_time) { in_time_ = in_time; });
  }
  bool result() {
    while (!in_time_) loop_.run_one();
    return *in_time_;
  }

  std::unique_ptr<Peer> far_;
  Connection connection_{make_end(far_)};
  TimedTransfer transfer_;
  std::optional<bool> in_time_;
};

TEST_F(TimedTransferTest, ends_when_its_time_has_passed) {
  transfer_.limit(begin, milliseconds(10));
  wait(Connection::Socket::wait_read);
  loop_.poll();
  transfer_.check_time(begin + milliseconds(9));
  loop_.poll();
  EXPECT_FALSE(in_time_);
  transfer_.check_time(begin + milliseconds(10));
  EXPECT_FALSE(result());
}

TEST_F(TimedTransferTest, has_no_time_when_it_passed_before) {
  transfer_.limit(begin, milliseconds(10));
  transfer_.check_time(begin + milliseconds(10));
  wait(Connection::Socket::wait_write);
  EXPECT_FALSE(result());
}

TEST_F(TimedTransferTest, has_the_time_of_a_later_limit_alone) {
  transfer_.limit(begin, milliseconds(10));
  transfer_.check_time(begin + milliseconds(10));
  transfer_.limit(begin + milliseconds(10), milliseconds(10));
  wait(Connection::Socket::wait_write);
  EXPECT_TRUE(result());
}

TEST_F(TimedTransferTest, stays_stopped_whatever_the_limit) {
  transfer_.stop();
  for (int i = 0; i < 2; ++i) {
    wait(Connection::Socket::wait_write);
    EXPECT_FALSE(result());
    transfer_.limit(begin, milliseconds(10));
  }
}

TEST_F(TimedTransferTest, stops_what_waits) {
  wait(Connection::Socket::wait_read);
  loop_.poll();
  transfer_.stop();
  EXPECT_FALSE(result());
}

}  // namespace
}  // namespace tecs::test
