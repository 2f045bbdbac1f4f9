// The octets that a signature covers, field by field, for people who compare them.
#pragma once

#include <string>
#include <vector>

#include "tecs/signed_octets.hpp"

namespace tecs {

// Plain value.
struct SignedField {
  std::string name;     // prefix, destination, source or epoch
  std::string octets;   // in hexadecimal digits
  std::string meaning;  // "192.0.2.25:25"
};

// In the order in which they are signed; together all of them (PROTOCOL section 3).
[[nodiscard]] std::vector<SignedField> signed_fields(const ConnectionTuple& tuple, Epoch epoch);

// Lower-case digits, nothing between them.
[[nodiscard]] std::string hexadecimal(OctetView octets);

// "2007-02-07 00:00:00 UTC".
[[nodiscard]] std::string format_epoch(Epoch epoch);

}  // namespace tecs
