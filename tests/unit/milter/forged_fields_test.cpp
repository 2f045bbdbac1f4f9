#include "milter/forged_fields.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(ForgedFields, AreCountedAmongAllOfTheName) {
  ForgedFields fields;
  for (const bool forged : {true, false, true, false, true}) fields.add(forged);
  EXPECT_EQ(fields.highest_first(), (std::vector<std::uint32_t>{5, 3, 1}));
  EXPECT_FALSE(fields.too_many());
}

TEST(ForgedFields, AreBounded) {
  ForgedFields fields;
  for (std::size_t i = 0; i < ForgedFields::maximum; ++i) fields.add(true);
  EXPECT_FALSE(fields.too_many());
  fields.add(false);
  EXPECT_FALSE(fields.too_many());
  for (int i = 0; i < 1000; ++i) fields.add(true);
  EXPECT_TRUE(fields.too_many());
  EXPECT_EQ(fields.highest_first().size(), ForgedFields::maximum + 1) << "memory is not for strangers";
}

}  // namespace
}  // namespace tecs
