#include "verdicts/published_zone.hpp"

#include "unit/verdicts/reputation_store.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;

class PublishedZone : public test::ReputationStore {
 protected:
  std::uint32_t take(const std::string& zone, std::optional<std::uint32_t> in_file, Verdict::Time at = now) {
    return take_zone_serial(database(), *Domain::parse(zone), in_file, at).value();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, PublishedZone, test::both_engines, test::engine_name);

TEST_P(PublishedZone, TakesSerialsThatGrow) {
  constexpr std::uint32_t first = 1782910800;  // now, in seconds since 1970
  EXPECT_EQ(take("rep.example.net", {}), first);
  EXPECT_EQ(take("rep.example.net", {}), first + 1);
  EXPECT_EQ(take("rep.example.net", first + 1), first + 2);
  EXPECT_EQ(take("rep.example.net", first + 2, now - 24h), first + 3);
  EXPECT_EQ(take("rep.example.net", 5), first + 4);
  EXPECT_EQ(take("rep.example.net", 2026112200), 2026112201U);
  EXPECT_EQ(take("other.example.net", {}), first);
}

TEST_P(PublishedZone, GivesTwoAtOnceASerialEach) {
  const auto other = open_verdict_database(name(), StoreMode::read_write).value();
  const Domain zone = *Domain::parse("rep.example.net");
  std::uint32_t last = take_zone_serial(database(), zone, {}, now).value();
  for (int round = 0; round < 5; ++round) {
    for (SqlDatabase* each : {other.get(), &database()}) {
      const std::uint32_t next = take_zone_serial(*each, zone, {}, now).value();
      EXPECT_EQ(next, last + 1);
      last = next;
    }
  }
}

}  // namespace
}  // namespace tecs
