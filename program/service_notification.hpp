// What a daemon tells systemd (sd_notify(3)). Outside systemd, where NOTIFY_SOCKET is not set, nothing
// happens. Any thread.
#pragma once

#include <string>

namespace tecs {

void notify_ready();
void notify_stopping();
// One line for `systemctl status`; control characters become spaces.
void notify_status(const std::string& status);

}  // namespace tecs
