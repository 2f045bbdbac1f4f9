#include "signer/connection_counts.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

const IpAddress one = *IpAddress::parse("192.0.2.1");
const IpAddress other = *IpAddress::parse("2001:db8::1");

TEST(ConnectionCounts, give_so_many_places_at_one_server) {
  ConnectionCounts counts;
  auto first = counts.take(one, 2);
  const auto second = counts.take(one, 2);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(counts.take(one, 2));
  EXPECT_TRUE(counts.take(one, 3)) << "the limit is that of the one who asks";
  EXPECT_TRUE(counts.take(other, 1));
  first.reset();
  EXPECT_TRUE(counts.take(one, 2));
}

TEST(ConnectionCounts, know_no_limit_of_zero) {
  ConnectionCounts counts;
  const auto first = counts.take(one, 0);
  const auto second = counts.take(one, 0);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(counts.take(one, 2)) << "but count";
}

TEST(ConnectionCounts, count_a_place_once_wherever_it_moves) {
  ConnectionCounts counts;
  auto place = counts.take(one, 1);
  auto moved = std::move(place);
  place.reset();
  EXPECT_FALSE(counts.take(one, 1));
  moved = counts.take(other, 1);
  EXPECT_TRUE(counts.take(one, 1)) << "the former place was given back";
  EXPECT_FALSE(counts.take(other, 1));
}

}  // namespace
}  // namespace tecs
