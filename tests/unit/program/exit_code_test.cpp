#include "program/exit_code.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

namespace tecs {
namespace {

TEST(ExitCode, IsThatOfSysexits) {
  EXPECT_EQ(to_int(ExitCode::ok), EX_OK);
  EXPECT_EQ(to_int(ExitCode::failed), 1);
  EXPECT_EQ(to_int(ExitCode::usage), EX_USAGE);
  EXPECT_EQ(to_int(ExitCode::data_error), EX_DATAERR);
  EXPECT_EQ(to_int(ExitCode::no_input), EX_NOINPUT);
  EXPECT_EQ(to_int(ExitCode::unavailable), EX_UNAVAILABLE);
  EXPECT_EQ(to_int(ExitCode::software), EX_SOFTWARE);
  EXPECT_EQ(to_int(ExitCode::cannot_create), EX_CANTCREAT);
  EXPECT_EQ(to_int(ExitCode::io_error), EX_IOERR);
  EXPECT_EQ(to_int(ExitCode::temporary), EX_TEMPFAIL);
  EXPECT_EQ(to_int(ExitCode::configuration), EX_CONFIG);
}

}  // namespace
}  // namespace tecs
