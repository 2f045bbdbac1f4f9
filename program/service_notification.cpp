#include "program/service_notification.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>

namespace tecs {

// A failure is not looked at: nothing can be done about it, and the daemon serves all the same.
void notify_ready() {
  static_cast<void>(sd_notify(0, "READY=1"));
}

void notify_stopping() {
  static_cast<void>(sd_notify(0, "STOPPING=1"));
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
