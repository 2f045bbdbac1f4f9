#include "tools/progress.hpp"

#include <ostream>

namespace tecs {
namespace {

constexpr std::string_view clear_line = "\r\x1b[K";

}  // namespace

void Progress::show(std::string_view text) {
  constexpr std::chrono::milliseconds interval{200};
  if (!environment_.err_is_terminal) return;
  const auto now = environment_.clock.steady();
  if (shown_ && now - *shown_ < interval) return;
  shown_ = now;
  visible_ = true;
  environment_.err << clear_line << text << std::flush;
}

void Progress::clear() {
  if (visible_) environment_.err << clear_line << std::flush;
  visible_ = false;
}

}  // namespace tecs
