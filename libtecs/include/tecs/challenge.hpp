// What a server tells a client of the client's own end of the connection (PROTOCOL section 6): a tag-list
// such as "c=198.51.100.7:40213; t=1170806410", which the 334 of an AUTH without initial response carries.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tecs/api.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Plain value. To a client it is a stranger's word: whether to use it is the client's to decide.
struct TECS_API Challenge {
  static constexpr std::size_t maximum_octets = 512;  // after base64 decoding
  // The last second of the year 9999, so that no arithmetic with such a time overflows.
  static constexpr std::chrono::sys_seconds latest_time{std::chrono::seconds{253402300799}};

  // Empty for the empty challenge of a server that cannot tell the end point. Bounded before anything else is
  // looked at. Unknown tags are passed over. Fails with bad_challenge when it is no tag-list, when c= or t=
  // is missing, stands twice or cannot be read, or when it is too long.
  [[nodiscard]] static Expected<std::optional<Challenge>> parse(std::string_view text);
  // The same from the base64 of the 334's text.
  [[nodiscard]] static Expected<std::optional<Challenge>> parse_base64(std::string_view base64);

  [[nodiscard]] std::string format() const;

  friend bool operator==(const Challenge&, const Challenge&) = default;

  Endpoint client;                // c=: the client's end, as the server sees it
  std::chrono::sys_seconds time;  // t=: the server's clock; from 1970 to latest_time
};

}  // namespace tecs
