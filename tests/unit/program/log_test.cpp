#include "program/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

namespace tecs {
namespace {

// What `write` makes appear on stderr. In the journal: JOURNAL_STREAM names the file that stderr is.
std::string logged(bool in_journal, const std::function<void(spdlog::logger&)>& write) {
  testing::internal::CaptureStderr();
  struct stat status {};
  fstat(STDERR_FILENO, &status);
  const ino_t inode = in_journal ? status.st_ino : status.st_ino + 1;
  const std::string stream = std::to_string(status.st_dev) + ":" + std::to_string(inode);
  setenv("JOURNAL_STREAM", stream.c_str(), 1);
  write(*make_log("tecs-milter", spdlog::level::debug));
  unsetenv("JOURNAL_STREAM");
  return testing::internal::GetCapturedStderr();
}

TEST(Log, BeginsWithThePriorityInTheJournal) {
  EXPECT_EQ(logged(true,
                   [](spdlog::logger& log) {
                     log.debug("a");
                     log.info("b");
                     log.warn("c");
                     log.error("d");
                   }),
            "<7>a\n<6>b\n<4>c\n<3>d\n");
}

TEST(Log, BeginsWithTimeNameAndLevelElsewhere) {
  EXPECT_THAT(
      logged(false, [](spdlog::logger& log) { log.warn("key file is readable by others"); }),
      testing::MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}[+-][0-9]{2}:"
                            "[0-9]{2} tecs-milter warning: key file is readable by others\n"));
}

TEST(Log, WritesWhatIsNotPrintableAsHex) {
  EXPECT_EQ(logged(true, [](spdlog::logger& log) { log.info("EHLO a\n<0>forged \x1b[31m\x7f\xc3\xa9"); }),
            "<6>EHLO a\\x0a<0>forged \\x1b[31m\\x7f\\xc3\\xa9\n");
}

TEST(Log, IsSilentBelowItsLevel) {
  testing::internal::CaptureStderr();
  const auto log = make_log("tecs", spdlog::level::warn);
  log->info("a");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(LogLevel, Parses) {
  EXPECT_EQ(parse_log_level("debug"), spdlog::level::debug);
  EXPECT_EQ(parse_log_level("info"), spdlog::level::info);
  EXPECT_EQ(parse_log_level("warning"), spdlog::level::warn);
  EXPECT_EQ(parse_log_level("error"), spdlog::level::err);
}

TEST(LogLevel, RefusesOtherWords) {
  for (const std::string_view text : {"", "Debug", "warn", "trace", "info "}) {
    const auto level = parse_log_level(text);
    ASSERT_FALSE(level) << text;
    EXPECT_EQ(level.error().sentence, "a log level is one of debug, info, warning, error");
  }
}

}  // namespace
}  // namespace tecs
