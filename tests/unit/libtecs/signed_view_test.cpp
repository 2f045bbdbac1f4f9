#include "tecs/signed_view.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds now{1170806410s};

SignedView view(const char* source, std::chrono::sys_seconds time = now) {
  return {ConnectionTuple::make(*Endpoint::parse("198.51.100.25:25"), *Endpoint::parse(source)).value(),
          time};
}

TEST(SignedView, IsOurOwnUnlessTheServersCounts) {
  struct Row {
    const char* name;
    std::optional<Challenge> challenge;
    SignedView want;
  };
  const char* const own = "10.0.0.7:40213";
  const char* const seen = "203.0.113.7:61000";
  const auto challenge = [](const char* client, std::chrono::sys_seconds time) {
    return Challenge{*Endpoint::parse(client), time};
  };
  for (const Row& row : {
           Row{"no challenge", std::nullopt, view(own)},
           Row{"both", challenge(seen, now + 2s), view(seen, now + 2s)},
           Row{"a clock that is behind", challenge(seen, now - 120s), view(seen, now - 120s)},
           Row{"ahead, as far as may be", challenge(seen, now + 120s), view(seen, now + 120s)},
           Row{"too far behind", challenge(seen, now - 121s), view(seen)},
           Row{"too far ahead", challenge(seen, now + 121s), view(seen)},
           Row{"the latest time that there is", challenge(seen, Challenge::latest_time), view(seen)},
           Row{"the first", challenge(seen, {}), view(seen)},
           Row{"the other family", challenge("[2001:db8::1]:61000", now + 2s), view(own, now + 2s)},
       }) {
    EXPECT_EQ(signed_view(view(own), row.challenge, 2min), row.want) << row.name;
  }
}

TEST(SignedView, HasOurTimeWithoutSkew) {
  const Challenge challenge{*Endpoint::parse("203.0.113.7:61000"), now + 1s};
  EXPECT_EQ(signed_view(view("10.0.0.7:40213"), challenge, 0s), view("203.0.113.7:61000"));
  EXPECT_EQ(signed_view(view("10.0.0.7:40213"), challenge, 999ms), view("203.0.113.7:61000"));
}

}  // namespace
}  // namespace tecs
