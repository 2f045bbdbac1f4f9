#include "tools/aligned_lines.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace tecs {
namespace {

TEST(AlignedLines, ValuesStandUnderEachOther) {
  std::ostringstream out;
  AlignedLines lines(out);
  lines.print("result", "pass");
  lines.print("epoch offset", "0 s");
  EXPECT_EQ(out.str(),
            "result:       pass\n"
            "epoch offset: 0 s\n");
}

}  // namespace
}  // namespace tecs
