// Which TLSA records SMTP can go by.
#pragma once

#include "tecs/tlsa_record.hpp"

namespace tecs {

// DANE-TA(2) or DANE-EE(3) (RFC 7672 section 3.1.3), with a selector and a matching type of RFC 6698, and an
// association of the length or form that they ask for. Any thread.
[[nodiscard]] bool usable(const TlsaRecord& record);

}  // namespace tecs
