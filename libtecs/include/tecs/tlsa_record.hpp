// A TLSA record (RFC 6698 section 2.1): what a server's certificate or key must be.
#pragma once

#include <cstdint>
#include <string>

namespace tecs {

// Plain value, as it came from DNS.
struct TlsaRecord {
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching_type = 0;
  std::string association;  // octets

  friend bool operator==(const TlsaRecord&, const TlsaRecord&) = default;
};

}  // namespace tecs
