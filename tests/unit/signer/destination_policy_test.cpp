#include "signer/destination_policy.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(SignatureDemand, is_read_as_it_is_written) {
  for (const char* const text : {"never", "may", "offered", "always"}) {
    const auto demand = parse_signature_demand(text);
    ASSERT_TRUE(demand) << text;
    EXPECT_EQ(word(*demand), text);
  }
}

TEST(SignatureDemand, grows) {
  EXPECT_LT(SignatureDemand::never, SignatureDemand::may);
  EXPECT_LT(SignatureDemand::may, SignatureDemand::offered);
  EXPECT_LT(SignatureDemand::offered, SignatureDemand::always);
  EXPECT_EQ(DestinationPolicy().signature, SignatureDemand::may);
}

TEST(SignatureDemand, is_one_of_four_words) {
  for (const char* const text : {"", "none", "Always", "may,always"}) {
    const auto demand = parse_signature_demand(text);
    ASSERT_FALSE(demand) << text;
    EXPECT_EQ(demand.error().reason, Reason::bad_option);
    EXPECT_EQ(demand.error().sentence, "\"" + std::string(text) + "\" is not never, may, offered or always");
  }
}

}  // namespace
}  // namespace tecs
