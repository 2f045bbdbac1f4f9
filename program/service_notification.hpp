// What a daemon tells systemd (sd_notify(3)). Outside systemd, where NOTIFY_SOCKET is not set, nothing
// happens. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace tecs {

void notify_ready();
void notify_stopping();
// Before a reload of the configuration; notify_ready() ends it.
void notify_reloading();
// How long systemd waits for a notify_alive() before it takes the daemon for dead and starts it again
// (WatchdogSec=); empty when it does not.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_patience();
void notify_alive();
// One line for `systemctl status`; control characters become spaces.
void notify_status(const std::string& status);

}  // namespace tecs
