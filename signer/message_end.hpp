// Where a message ends that follows DATA (RFC 5321 section 4.1.1.4).
#pragma once

#include <cstddef>
#include <string_view>

namespace tecs {

// Looks for the line that is a dot alone, in whatever pieces the message comes. Only CRLF ends a line
// (section 2.3.8). Servers that are lenient take a bare CR or LF for one as well, and so see the end of a
// message, and commands after it, where its sender saw text: a dot that such a server could take for a line
// of its own is told apart. Not thread safe.
class MessageEnd {
 public:
  enum class Found { nothing, end, ambiguous };

  // How many of the octets may be passed on. After nothing, all but perhaps the last one, to be given again
  // with what follows it; after end, all up to and with it; after ambiguous, those ahead of the octet that a
  // lenient server could take for the end.
  struct Step {
    Found found;
    std::size_t octets;
  };
  // Not to be called again after end or ambiguous.
  [[nodiscard]] Step next(std::string_view octets) noexcept;

 private:
  // What stands right ahead.
  enum class Before {
    text,
    cr,        // whose LF may follow
    line,      // CRLF, or nothing: a message begins as a line does
    bare,      // a LF without CR
    line_dot,  // the dot of which a line begins
    bare_dot,  // a dot after a bare CR or LF
  };
  [[nodiscard]] static Before after(Before before, char octet) noexcept;
  [[nodiscard]] static std::size_t skip_text(std::string_view octets, std::size_t at) noexcept;

  Before before_ = Before::line;
};

}  // namespace tecs
