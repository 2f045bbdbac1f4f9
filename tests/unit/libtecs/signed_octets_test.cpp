// The layout is held by the data cases; here stands what they do not show.
#include "tecs/signed_octets.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

SignedOctets octets_for(std::string_view destination, std::string_view source) {
  return {
      ConnectionTuple::make(Endpoint::parse(destination).value(), Endpoint::parse(source).value()).value(),
      Epoch::nearest(std::chrono::sys_seconds{std::chrono::seconds{4294967310}})};
}

TEST(SignedOctets, HaveTheLengthOfTheProtocol) {
  EXPECT_EQ(octets_for("192.0.2.25:25", "198.51.100.7:40213").octets().size(), 29U);
  EXPECT_EQ(octets_for("[2001:db8::25]:25", "[2001:db8::7]:40213").octets().size(), 53U);
}

TEST(SignedOctets, CarryAnEpochOfEightOctets) {
  const SignedOctets all = octets_for("192.0.2.25:25", "198.51.100.7:40213");
  const OctetView epoch = all.octets().last(8);
  EXPECT_EQ(Octets(epoch.begin(), epoch.end()), (Octets{0, 0, 0, 1, 0, 0, 0, 14}));
}

TEST(SignedOctets, StartUnlikeAnyHeaderHashInput) {
  const SignedOctets all = octets_for("192.0.2.25:25", "198.51.100.7:40213");
  EXPECT_EQ(text_of(all.octets().first(7)), std::string_view("TECS-1\0", 7));
}

}  // namespace
}  // namespace tecs
