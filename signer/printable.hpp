// A stranger's text, made fit for a log line or an SMTP reply of ours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tecs {

// Printable ASCII stays; every other octet becomes \xNN, and a backslash or a quotation mark gets a
// backslash. Text that would become longer than `maximum` octets is cut and ends with "...". maximum is at
// least 3.
[[nodiscard]] std::string printable(std::string_view text, std::size_t maximum);

}  // namespace tecs
