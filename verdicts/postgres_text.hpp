// Text as PostgreSQL takes it: UTF-8 without NUL.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// What is no UTF-8 (RFC 3629: too long forms and surrogates are none), and each NUL, becomes U+FFFD: one for
// each octet that begins nothing, and one for each sequence that breaks off. All else stays. Any thread.
[[nodiscard]] std::string postgres_text(std::string_view octets);

// True: postgres_text() would change nothing.
[[nodiscard]] bool is_postgres_text(std::string_view octets) noexcept;

// As a column of COPY in its text format: made fit as above, and escaped so that it ends neither the column
// nor the row, nor reads as a null.
void append_copy_text(std::string& row, std::string_view octets);

}  // namespace tecs
