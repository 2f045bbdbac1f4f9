// How a daemon learns that it is to end, or to read its configuration again.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <optional>

namespace tecs {

// Made first in main(), before any thread, and by main() only: there is one at a time. While it lives SIGTERM
// and SIGINT mean stop, SIGHUP means reload, and SIGPIPE is ignored; afterwards all is as it was before.
//
// The signals are caught by a handler and not by sigwait(): libmilter has a thread in sigwait() for the same
// signals and would take every other one. As main's thread has them open, the kernel gives them to it
// (signal(7)).
class StopSignal {
 public:
  enum class Event { stop, reload };

  // Throws std::system_error when the kernel has no descriptor left.
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Waits for the next event. Reloads that came while nobody waited count as one. A stop is never lost, comes
  // before reloads, and stays: every later call returns it at once. From one thread, best from that of main.
  [[nodiscard]] Event wait();

  // The same, but for no longer than this; then empty.
  [[nodiscard]] std::optional<Event> wait_for(std::chrono::milliseconds patience);

  // As if SIGTERM had come. From any thread, and from a signal handler.
  void request_stop() noexcept;

 private:
  static constexpr std::array<int, 4> signals{SIGTERM, SIGINT, SIGHUP, SIGPIPE};

  static void on_signal(int number);
  void wake() const noexcept;
  [[nodiscard]] std::optional<Event> take() noexcept;
  [[nodiscard]] bool sleep(int milliseconds);

  std::atomic<bool> stop_{false};
  std::atomic<bool> reload_{false};
  int descriptor_;  // an eventfd
  std::array<struct sigaction, signals.size()> former_{};
};

}  // namespace tecs
