// The fields of a message/feedback-report (RFC 5965 section 3).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "verdicts/complaint.hpp"

namespace tecs {

// Plain value; owns all that it holds.
class ArfFields {
 public:
  static constexpr std::size_t maximum_octets = std::size_t{64} * 1024;
  static constexpr std::size_t maximum_fields = 256;

  // text: decoded, its lines ended by LF or CRLF. Fields after an empty line are no fields of the report.
  // Fails as malformed: too-large, or bad-field when a line is not one of a field or holds octets that no
  // field may (RFC 5322 section 2.2).
  [[nodiscard]] static Claimed<ArfFields> parse(std::string_view text);

  // In the order of the report, unfolded, without white space around. The name's letters may be of either
  // case.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
  // The only one of its name; empty when there is none. Fails as malformed, contradiction, when there are
  // several.
  [[nodiscard]] Claimed<std::string_view> only(std::string_view name) const;

 private:
  struct Field {
    std::string name;  // in lower case
    std::string value;
  };
  std::vector<Field> fields_;
};

}  // namespace tecs
