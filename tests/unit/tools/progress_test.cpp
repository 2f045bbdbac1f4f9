#include "tools/progress.hpp"

#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using std::chrono::milliseconds;

class MovedClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return {}; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return time; }

  std::chrono::steady_clock::time_point time{};
};

class ProgressTest : public testing::Test {
 protected:
  Environment environment(bool terminal) {
    return {
        .clock = clock_, .out = out_, .err = err_, .in = in_, .open_dns = {}, .err_is_terminal = terminal};
  }
  std::string said() {
    std::string text = err_.str();
    err_.str("");
    return text;
  }

  MovedClock clock_;
  std::ostringstream out_;
  std::ostringstream err_;
  std::istringstream in_;
};

TEST_F(ProgressTest, IsOneLineThatIsWrittenOver) {
  const Environment terminal = environment(true);
  Progress progress(terminal);
  progress.show("1 line");
  EXPECT_EQ(said(), "\r\x1b[K1 line");
  clock_.time += milliseconds{200};
  progress.show("2 lines");
  EXPECT_EQ(said(), "\r\x1b[K2 lines");
  progress.clear();
  EXPECT_EQ(said(), "\r\x1b[K");
  progress.clear();
  EXPECT_EQ(said(), "");
}

TEST_F(ProgressTest, DoesNotFlicker) {
  const Environment terminal = environment(true);
  Progress progress(terminal);
  progress.show("1");
  clock_.time += milliseconds{199};
  progress.show("2");
  EXPECT_EQ(said(), "\r\x1b[K1");
}

TEST_F(ProgressTest, LeavesNothingBehind) {
  const Environment terminal = environment(true);
  { Progress(terminal).show("1"); }
  EXPECT_EQ(said(), "\r\x1b[K1\r\x1b[K");
}

TEST_F(ProgressTest, IsForATerminalOnly) {
  const Environment file = environment(false);
  { Progress(file).show("1"); }
  EXPECT_EQ(said(), "");
}

}  // namespace
}  // namespace tecs
