// Lines out of a stream of octets, as SMTP has them: only CRLF ends one (RFC 5321 section 2.3.8).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// Holds what was received and not yet taken. Bounded as long as the caller appends only when next() says that
// more is needed: one line and the last piece. Not thread safe.
class LineReader {
 public:
  // With CRLF. RFC 5321 section 4.5.3.1 says 512; servers with long greetings and extensions go beyond.
  static constexpr std::size_t maximum_line = 2048;
  // RFC 4954 section 4: with an initial response, which some mechanisms make long.
  static constexpr std::size_t maximum_auth_line = 12'288;

  void append(std::string_view octets) { octets_.append(octets); }

  // The next line without its CRLF, or nothing when more is needed. The view lives until the next call of any
  // member. maximum: of its octets, with CRLF. Fails with protocol_error for a line that is too long or holds
  // a NUL, a bare LF or a bare CR: a peer that takes one of those for the end of a line would see other lines
  // than we do. After a failure nothing more is to be read.
  [[nodiscard]] Expected<std::optional<std::string_view>> next(std::size_t maximum = maximum_line);

  // What came after the last line; lives as long as what next() gives.
  [[nodiscard]] std::string_view rest() const noexcept { return std::string_view(octets_).substr(begin_); }
  // Whether something came after the last line.
  [[nodiscard]] bool holds_octets() const noexcept { return begin_ < octets_.size(); }
  // What came after the last line, which is then no longer here.
  [[nodiscard]] std::string take_rest();
  // Forgets all that was received, and says how many octets that was.
  std::size_t discard() noexcept;

 private:
  std::string octets_;
  std::size_t begin_ = 0;    // of the line that is being read
  std::size_t scanned_ = 0;  // no LF before here, so that a line that comes octet by octet is looked at once
};

}  // namespace tecs
