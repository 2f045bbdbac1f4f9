// A domain's private key, from a file that only its owner and a group of his choice may know. The same rule
// for every program that signs.
#pragma once

#include <string>

#include "tecs/api.hpp"
#include "tecs/error.hpp"
#include "tecs/signing_key.hpp"

namespace tecs {

// PEM as SigningKey::from_pem() takes it, at most 64 KiB, in a regular file. Fails with io_error when it
// cannot be read, and with bad_key_file when it holds no key or others may read it or write to it: the
// sentence begins with the path, and says owner and mode. Any thread.
[[nodiscard]] TECS_API Expected<SigningKey> read_key_file(const std::string& path);

}  // namespace tecs
