#include "tools/complaint_line.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tecs {
namespace {

TEST(ComplaintLine, HasADashForWhatIsNotThere) {
  Complaint complaint;
  complaint.reason = ComplaintReason::not_arf;
  EXPECT_EQ(complaint_line(complaint, ""), "malformed - not-arf");
  complaint.status = ComplaintStatus::counted;
  complaint.reason = ComplaintReason::none;
  complaint.domain = "a.example";
  EXPECT_EQ(complaint_line(complaint, "new/1"), "counted a.example - new/1");
  EXPECT_EQ(complaint_line("undecided", "dns-timeout", "1"), "undecided - dns-timeout 1");
}

TEST(ComplaintLine, WhateverStandsThereIsPrintedAsAscii) {
  Complaint complaint;
  complaint.domain = complaint.detail = complaint.reporter = complaint.selector = "\x1b[2J\n\xff";
  for (const std::string& text :
       {complaint_line(complaint, "a\nb\xff"), complaint_json(complaint, "a\nb\xff"),
        complaint_json("undecided", "x", "\x1b\xff", "\n")}) {
    for (const char character : text) EXPECT_TRUE(character >= 0x20 && character < 0x7f) << int{character};
  }
  const auto json = nlohmann::json::parse(complaint_json(complaint, "mail"));
  EXPECT_EQ(json["domain"], "?[2J??");
  EXPECT_EQ(json["mail"], "mail");
  EXPECT_TRUE(json["epoch"].is_null());
  EXPECT_TRUE(json["connection_time"].is_null());
  EXPECT_EQ(json.size(), 17U);
}

}  // namespace
}  // namespace tecs
