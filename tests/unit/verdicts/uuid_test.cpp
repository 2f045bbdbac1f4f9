#include "verdicts/uuid.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;

TEST(UuidV7, IsTheExampleOfTheRfc) {
  // RFC 9562 appendix A.6: unix_ts_ms 0x017F22E279B0, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
  const Milliseconds time{std::chrono::milliseconds{0x017F22E279B0}};
  const std::array<std::uint8_t, 10> random{0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f};
  EXPECT_EQ(make_uuid_v7(time, random), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(UuidV7, KeepsVersionAndVariantWhateverIsRandom) {
  const Milliseconds time{1ms};
  std::array<std::uint8_t, 10> random{};
  EXPECT_EQ(make_uuid_v7(time, random), "00000000-0001-7000-8000-000000000000");
  random.fill(0xff);
  EXPECT_EQ(make_uuid_v7(time, random), "00000000-0001-7fff-bfff-ffffffffffff");
}

TEST(UuidV7, SortsByTime) {
  std::array<std::uint8_t, 10> random{};
  const auto later = make_uuid_v7(Milliseconds{1'767'225'600'001ms}, random);
  random.fill(0xff);
  const auto earlier = make_uuid_v7(Milliseconds{1'767'225'600'000ms}, random);
  EXPECT_LT(earlier, later);
}

TEST(Uuid, IsReadInEitherCase) {
  EXPECT_EQ(parse_uuid("017F22E2-79B0-7CC3-98c4-dc0c0c07398f"), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  EXPECT_EQ(parse_uuid("00000000-0000-0000-0000-000000000000"), "00000000-0000-0000-0000-000000000000")
      << "of any version";
}

TEST(Uuid, RefusesWhatIsNone) {
  for (const std::string text :
       {"", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017f22e279b07cc398c4dc0c0c07398f", "017f22e2_79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}", "017f22e2-79b0-7cc3-98c4-dc0c0c0739%f"}) {
    EXPECT_EQ(parse_uuid(text), std::nullopt) << text;
  }
}

TEST(Uuid, ABeginningIsThatOfOne) {
  EXPECT_EQ(parse_uuid_beginning("017F22E2-7"), "017f22e2-7");
  EXPECT_EQ(parse_uuid_beginning("0"), "0");
  EXPECT_EQ(parse_uuid_beginning("017f22e2-"), "017f22e2-");
  for (const std::string text : {"", "017f22e27", "017f22e2%", "-", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0"})
    EXPECT_EQ(parse_uuid_beginning(text), std::nullopt) << text;
}

}  // namespace
}  // namespace tecs
