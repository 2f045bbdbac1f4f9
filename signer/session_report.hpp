// What the metrics learn of a connection to a server, when its dialogue is over.
#pragma once

#include <chrono>
#include <optional>

#include "smtp/tls_plan.hpp"

namespace tecs {

// Plain value.
struct SessionReport {
  enum class Ending { failed, not_signed, is_signed };

  Ending ending = Ending::failed;
  bool refused = false;  // the server did not take a signature
  TlsLevel tls_level = TlsLevel::none;
  TlsResult tls_result = TlsResult::clear;
  // From the server's reply to the last EHLO to its reply to AUTH: what the signature cost the MTA.
  std::optional<std::chrono::microseconds> added_time{};
};

}  // namespace tecs
