#include "program/service_notification.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>

namespace tecs {

// A failure is not looked at: nothing can be done about it, and the daemon serves all the same.
void notify_ready() {
  static_cast<void>(sd_notify(0, "READY=1"));
}

void notify_stopping() {
  static_cast<void>(sd_notify(0, "STOPPING=1"));
}

// Type=notify-reload wants the time at which the reload began (sd_notify(3)).
void notify_reloading() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  const std::string text = "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds);
  static_cast<void>(sd_notify(0, text.c_str()));
}

std::optional<std::chrono::microseconds> watchdog_patience() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

void notify_alive() {
  static_cast<void>(sd_notify(0, "WATCHDOG=1"));
}

void notify_status(const std::string& status) {
  std::string line = "STATUS=" + status;
  // A line break would begin another assignment.
  std::replace_if(
      line.begin(), line.end(), [](char character) { return static_cast<unsigned char>(character) < 0x20; },
      ' ');
  static_cast<void>(sd_notify(0, line.c_str()));
}

}  // namespace tecs
