// Private keys in files.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

#include "tecs/signing_key.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// Writes a new file of mode 0600, whatever the umask, and syncs it to disk. Never overwrites and follows no
// symbolic link: cannot_create. When it cannot be written in full nothing is left of it: io_error.
[[nodiscard]] Outcome<void> write_key_file(const std::string& path, const SigningKey& key);

inline constexpr std::size_t maximum_key_file_octets = 64 * 1024;

// A file that others than its owner can read is taken, with a warning on err. Fails with no_input when it
// cannot be read, with data_error when it holds no key.
[[nodiscard]] Outcome<SigningKey> read_key_file(const std::string& path, std::ostream& err);

}  // namespace tecs
