// New private keys into files; tecs/adapters/key_file.hpp reads them.
#pragma once

#include <string>

#include "tecs/signing_key.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// Writes a new file of mode 0600, whatever the umask, and syncs it to disk. Never overwrites and follows no
// symbolic link: cannot_create. When it cannot be written in full nothing is left of it: io_error.
[[nodiscard]] Outcome<void> write_key_file(const std::string& path, const SigningKey& key);

}  // namespace tecs
