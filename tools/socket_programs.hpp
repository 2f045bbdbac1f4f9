// Whose socket it is, as proc(5) tells.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tecs {

// The names of the programs that have this socket open now, as in /proc/PID/comm; a program chooses its name,
// of any octets. inode: its number in /proc/net/tcp. Empty when it is not to be seen: without root only one's
// own are. Any thread.
[[nodiscard]] std::vector<std::string> programs_with_socket(std::uint64_t inode);

}  // namespace tecs
