#include "signer/signed_tuples.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tecs {
namespace {

const Epoch now = Epoch::nearest(std::chrono::sys_seconds{std::chrono::seconds{1'170'806'410}});

ConnectionTuple tuple(const std::string& destination, const std::string& source) {
  return *ConnectionTuple::make(*Endpoint::parse(destination), *Endpoint::parse(source));
}

// One for each number below 2^26.
ConnectionTuple numbered(unsigned number) {
  const auto port = static_cast<std::uint16_t>(1024 + number % 32'768);
  const auto host = static_cast<std::uint16_t>(number / 32'768);
  const auto server = IpAddress::from_ipv4(
      {198, 51, static_cast<std::uint8_t>(host / 256), static_cast<std::uint8_t>(host % 256)});
  return *ConnectionTuple::make(*Endpoint::make(server, 25),
                                *Endpoint::make(*IpAddress::parse("192.0.2.1"), port));
}

constexpr unsigned many = 4 * SignedTuples::capacity;

class SignedTuplesTest : public testing::Test {
 protected:
  void add(unsigned from, unsigned to, Epoch epoch) {
    for (unsigned i = from; i < to; ++i) tuples_.add(numbered(i), epoch);
  }
  // How many of them are known as of this epoch.
  [[nodiscard]] int count(unsigned from, unsigned to, Epoch epoch) const {
    int known = 0;
    for (unsigned i = from; i < to; ++i) known += tuples_.latest_epoch(numbered(i)) == epoch ? 1 : 0;
    return known;
  }

  SignedTuples tuples_;
};

TEST_F(SignedTuplesTest, know_for_which_epoch_each_was_signed) {
  const ConnectionTuple one = tuple("198.51.100.25:25", "192.0.2.1:40000");
  const ConnectionTuple other = tuple("[2001:db8::25]:25", "[2001:db8::1]:40000");
  tuples_.add(one, now);
  tuples_.add(other, now.moved(1));
  EXPECT_EQ(tuples_.latest_epoch(one), now);
  EXPECT_EQ(tuples_.latest_epoch(other), now.moved(1));
}

TEST_F(SignedTuplesTest, differ_in_each_of_their_parts) {
  tuples_.add(tuple("198.51.100.25:25", "192.0.2.1:40000"), now);
  EXPECT_FALSE(tuples_.latest_epoch(tuple("198.51.100.26:25", "192.0.2.1:40000")));
  EXPECT_FALSE(tuples_.latest_epoch(tuple("198.51.100.25:26", "192.0.2.1:40000")));
  EXPECT_FALSE(tuples_.latest_epoch(tuple("198.51.100.25:25", "192.0.2.2:40000")));
  EXPECT_FALSE(tuples_.latest_epoch(tuple("198.51.100.25:25", "192.0.2.1:40001")));
  EXPECT_FALSE(tuples_.latest_epoch(tuple("[2001:db8::25]:25", "[2001:db8::1]:40000")));
}

TEST_F(SignedTuplesTest, keep_the_latest_epoch_in_whatever_order_they_come) {
  const ConnectionTuple one = tuple("198.51.100.25:25", "192.0.2.1:40000");
  tuples_.add(one, now);
  tuples_.add(one, now.moved(1));
  EXPECT_EQ(tuples_.latest_epoch(one), now.moved(1));
  tuples_.add(one, now.moved(-4));  // by the clock of a server
  EXPECT_EQ(tuples_.latest_epoch(one), now.moved(1));
}

TEST_F(SignedTuplesTest, have_room_for_all_ports_towards_a_server) {
  add(0, 32'768, now);
  EXPECT_GE(count(0, 32'768, now), 32'768 - 32);  // but for one in a thousand
}

TEST_F(SignedTuplesTest, forget_what_came_first_when_they_are_many) {
  add(0, many, now);
  EXPECT_EQ(count(0, 10'000, now), 0);
  EXPECT_GE(count(many - 10'000, many, now), 9'990);
}

// Until then they may be full of what seems to be of later epochs.
TEST_F(SignedTuplesTest, keep_what_comes_after_the_clock_was_set_back) {
  add(0, many, now);
  add(many, many + 10'000, now.moved(-120));
  EXPECT_GE(count(many, many + 10'000, now.moved(-120)), 9'990);
}

TEST_F(SignedTuplesTest, count_each_once) {
  add(0, 1'000, now);
  for (int i = 0; i < 1'000; ++i) add(1'000, 1'001, now.moved(i));
  EXPECT_EQ(count(0, 1'000, now), 1'000);
}

}  // namespace
}  // namespace tecs
