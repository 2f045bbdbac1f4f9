#include "milter/policy/greylist_entry.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

using namespace std::chrono_literals;

constexpr GreylistLimits limits{.delay = 5min, .window = 48h, .lifetime = 840h};

std::chrono::sys_seconds at(std::chrono::seconds time) {
  return std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)) + time;
}

struct StepRow {
  const char* name;
  std::optional<GreylistEntry> former;
  std::chrono::seconds now;
  GreylistAnswer answer;
  GreylistEntry entry;
};

TEST(GreylistEntry, decides_who_waits) {
  const GreylistEntry fresh{at(0s), at(48h), false};
  const GreylistEntry known{at(0s), at(5min + 840h), true};
  for (const auto& [name, former, now, answer, entry] :
       {StepRow{"a new client", {}, 0s, GreylistAnswer::wait, fresh},
        {"too early", fresh, 5min - 1s, GreylistAnswer::wait, fresh},
        {"again when it was told to", fresh, 5min, GreylistAnswer::pass, known},
        {"again at the last moment",
         fresh,
         48h - 1s,
         GreylistAnswer::pass,
         {at(0s), at(48h - 1s + 840h), true}},
        {"after the window", fresh, 48h, GreylistAnswer::wait, {at(48h), at(96h), false}},
        {"a known one", known, 24h, GreylistAnswer::pass, {at(0s), at(24h + 840h), true}},
        {"a forgotten one",
         known,
         5min + 840h,
         GreylistAnswer::wait,
         {at(5min + 840h), at(5min + 888h), false}},
        {"one of the future", GreylistEntry{at(1h), at(49h), false}, 0s, GreylistAnswer::wait, fresh}}) {
    const GreylistStep step = greylist_step(former, at(now), limits);
    EXPECT_EQ(step.answer, answer) << name;
    EXPECT_EQ(step.entry, entry) << name;
  }
}

TEST(GreylistEntry, has_a_name_for_domain_or_network) {
  EXPECT_EQ(greylist_name(*Domain::parse("Example.org")), "domain:example.org");
  EXPECT_EQ(greylist_name(*Network::parse("192.0.2.0/24")), "network:192.0.2.0/24");
}

}  // namespace
}  // namespace tecs::test
