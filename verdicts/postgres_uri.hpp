// Looks at a connection URI before libpq does, whose own complaints repeat what it could not read.
#pragma once

#include <string>

#include "tecs/error.hpp"

namespace tecs {

// Fails with bad_option when libpq could not use it, or would take a part of a password for a host or a port:
// one in which an "@", ":" or "/" stands as itself. The sentence repeats nothing of the URI but the name of a
// parameter. Connects to nothing. Any thread.
[[nodiscard]] Expected<void> check_postgres_uri(const std::string& uri);

}  // namespace tecs
