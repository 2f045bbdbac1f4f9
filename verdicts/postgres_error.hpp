// What went wrong in PostgreSQL, as this program's errors.
#pragma once

#include <string>
#include <string_view>

#include "tecs/reason.hpp"

namespace tecs {

// protocol_error for a row that is refused for what stands in it, and would be refused again; io_error for
// all that can pass: no connection, no room, a lock, no right, a table that is missing. sqlstate: five
// characters; empty when the server said nothing. Any thread.
[[nodiscard]] Reason reason_of_sqlstate(std::string_view sqlstate) noexcept;

// A server's or libpq's message as a part of one line. What a stranger wrote may stand in it.
[[nodiscard]] std::string postgres_sentence(std::string_view message);

}  // namespace tecs
