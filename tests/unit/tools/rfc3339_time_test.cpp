#include "tools/rfc3339_time.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tecs {
namespace {

using std::chrono::milliseconds;

std::int64_t milliseconds_of(const std::string& text) {
  const auto time = parse_rfc3339(text);
  return time ? time->time_since_epoch().count() : -1;
}

TEST(Rfc3339Time, ReadsWhatTheRfcWrites) {
  struct Row {
    std::string text;
    std::int64_t want;
  };
  for (const Row& row : {
           Row{"1970-01-01", 0},
           Row{"2026-01-01", 1767225600000},
           Row{"2026-01-01T00:00:00Z", 1767225600000},
           Row{"2026-01-01 00:00:00z", 1767225600000},
           Row{"2026-01-01t00:00:00.789Z", 1767225600789},
           Row{"2026-01-01T00:00:00.7Z", 1767225600700},
           Row{"2026-01-01T00:00:00.7899999999Z", 1767225600789},
           Row{"2026-01-01T01:30:00+01:30", 1767225600000},
           Row{"2025-12-31T16:00:00-08:00", 1767225600000},
           Row{"1985-04-12T23:20:50.52Z", 482196050520},  // RFC 3339 section 5.8
           Row{"1996-12-19T16:39:57-08:00", 851042397000},
           Row{"2024-02-29", 1709164800000},
           Row{"9999-12-31T23:59:59.999Z", 253402300799999},
       }) {
    EXPECT_EQ(milliseconds_of(row.text), row.want) << row.text;
  }
}

TEST(Rfc3339Time, RefusesAllElse) {
  for (const std::string text : {"",
                                 "2026",
                                 "2026-01",
                                 "2026-1-1",
                                 "26-01-01",
                                 "2026-01-01T",
                                 "2026-01-01T00:00:00",
                                 "2026-01-01T00:00Z",
                                 "2026-01-01T00:00:00.Z",
                                 "2026-01-01T00:00:00Z ",
                                 " 2026-01-01",
                                 "2026-01-01T00:00:00+0100",
                                 "2026-01-01T00:00:00+24:00",
                                 "2026-01-01T24:00:00Z",
                                 "2026-01-01T00:60:00Z",
                                 "2026-01-01T00:00:60Z",
                                 "2026-02-29",
                                 "2026-13-01",
                                 "2026-00-01",
                                 "2026-01-32",
                                 "1969-12-31",
                                 "1970-01-01T00:00:00+00:01",
                                 "9999-12-31T23:59:59-00:01",
                                 "+026-01-01",
                                 "2026-01-01T-1:00:00Z",
                                 "2026\u201301-01"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().reason, Reason::bad_option);
    EXPECT_EQ(time.error().sentence, "not a time: write a date such as 2026-01-31, or 2026-01-31T12:00:00Z");
  }
}

}  // namespace
}  // namespace tecs
