#include "signer/source_choice.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(SourceChoice, is_read_as_it_is_written) {
  for (const auto choice : {SourceChoice::mta, SourceChoice::system, SourceChoice::transparent}) {
    EXPECT_EQ(parse_source_choice(word(choice)), choice);
  }
}

TEST(SourceChoice, is_nothing_else) {
  for (const char* const text : {"", "MTA", "mta ", "kernel", "192.0.2.1"}) {
    const auto choice = parse_source_choice(text);
    ASSERT_FALSE(choice) << text;
    EXPECT_EQ(choice.error().sentence, "must be mta, system or transparent");
  }
}

}  // namespace
}  // namespace tecs
