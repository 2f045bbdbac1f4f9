// A feedback report in Abuse Reporting Format (RFC 5965), as it comes in by mail.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "verdicts/arf_fields.hpp"
#include "verdicts/complaint.hpp"

namespace tecs {

// Plain value. Nothing of the reported message is in it but what tells it apart from others.
struct ArfMessage {
  static constexpr std::size_t maximum_octets = std::size_t{10} * 1024 * 1024;
  static constexpr std::size_t maximum_parts = 16;                              // three are asked for
  static constexpr std::size_t maximum_header_octets = std::size_t{64} * 1024;  // of the mail, and of a part

  ArfFields fields;
  std::optional<std::chrono::sys_seconds> arrival_date;  // Arrival-Date or Received-Date, if it can be read
  std::string reporter;  // domain of the From address, checked; empty: there is none
  std::string message;   // SHA-256 of the reported message's header, without CR
};

// mail: with header, as it was delivered; a "From " line before it is passed over. Any octets: what is no
// feedback report, is too large or broken fails as malformed. Any thread; time and memory grow with the size
// of the mail and with nothing else.
[[nodiscard]] Claimed<ArfMessage> parse_arf(std::string_view mail,
                                            std::size_t maximum_octets = ArfMessage::maximum_octets);

// Whoever uses GMime calls this before: it is set up once and stays so. Any thread.
void set_up_mime();

}  // namespace tecs
