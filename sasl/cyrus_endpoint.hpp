// An end point as Cyrus SASL writes it in iplocalport and ipremoteport: "192.0.2.1;25", "2001:db8::25;25".
#pragma once

#include <string_view>

#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Fails with bad_endpoint, also for a scoped address (fe80::1%eth0;25). Null text is for the caller to sort
// out: an MTA that does not know an end gives none.
[[nodiscard]] Expected<Endpoint> parse_cyrus_endpoint(std::string_view text);

}  // namespace tecs
