#include "verdicts/kept_key.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/complaint_samples.hpp"

namespace tecs {
namespace {

TEST(KeptKey, IsTheSameUnderEveryName) {
  KeptKey kept(test::kept_record(test::sender_key()));
  for (const std::string name : {"_domainkey.sender.example", "x"}) {
    const KeyLookup lookup = kept.lookup(name);
    ASSERT_TRUE(lookup.record);
    EXPECT_EQ((*lookup.record)->format(), test::kept_record(test::sender_key()));
  }
}

TEST(KeptKey, WhatIsNoKeyRecordVerifiesNothing) {
  for (const std::string text : {"", "x", "k=rsa; p=%", "k=other; p=AAAA"}) {
    const KeyLookup lookup = KeptKey(text).lookup("_domainkey.sender.example");
    ASSERT_FALSE(lookup.record) << text;
    EXPECT_EQ(lookup.record.error().reason, Reason::bad_key_record);
  }
}

}  // namespace
}  // namespace tecs
