// Replies of an SMTP server (RFC 5321 section 4.2).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtp/line_reader.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Plain value; never without a line.
struct SmtpReply {
  int code = 0;                    // 200 to 599, the same on every line
  std::vector<std::string> lines;  // the text of each line, without code, hyphen or space, and CRLF
  std::string octets;              // as it came

  [[nodiscard]] bool positive() const noexcept { return code < 300; }
  // Code and text of the first line for a log or a person, printable and bounded.
  [[nodiscard]] std::string format() const;
};

// Reads replies from what a server sends, whatever the pieces. Bounded as LineReader is, and in lines. Not
// thread safe.
class SmtpReplyReader {
 public:
  static constexpr std::size_t maximum_lines = 128;

  void append(std::string_view octets) { lines_.append(octets); }

  // The next reply, or nothing when more is needed. Fails with protocol_error for what is no reply, has
  // different codes on its lines, or is too long; nothing more is to be read then.
  [[nodiscard]] Expected<std::optional<SmtpReply>> next();

  // What came after the last reply, which is then no longer here.
  [[nodiscard]] std::string take_rest() { return lines_.take_rest(); }
  // Forgets all that was received, a reply that has begun too; says how many octets came after the last line.
  std::size_t discard() noexcept;

 private:
  LineReader lines_;
  SmtpReply reply_;  // the lines so far
};

}  // namespace tecs
