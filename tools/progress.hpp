// How far a long piece of work is, for whoever waits at a terminal.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "tools/environment.hpp"

namespace tecs {

// A line on err that is written over, five times a second at most, and only if err is a terminal. The
// environment must outlive this.
class Progress {
 public:
  explicit Progress(const Environment& environment) noexcept : environment_(environment) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  // text: no longer than a line of a terminal.
  void show(std::string_view text);
  // Before something else is written.
  void clear();

 private:
  const Environment& environment_;
  std::optional<std::chrono::steady_clock::time_point> shown_;
  bool visible_ = false;
};

}  // namespace tecs
