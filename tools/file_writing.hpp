// What every file that must not be lost needs once it is open.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// However often the system has to be asked. False: errno tells why, and some of the text may be written.
[[nodiscard]] bool write_all(int descriptor, std::string_view text);

// A name is on disk only when its folder is (fsync(2)). Not every folder that can be written in can be
// opened, so nobody learns whether it was.
void sync_folder_of(const std::string& path);

}  // namespace tecs
