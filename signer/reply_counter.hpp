// Counts the replies of a server that pass by (RFC 5321 section 4.2).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace tecs {

// Takes what it can for a reply, as MTAs do, and says when it could not be sure: an MTA may then see other
// replies. Holds nothing but the beginning of a line. Not thread safe.
class ReplyCounter {
 public:
  static constexpr std::size_t code_digits = 3;

  // Calls on_reply(int code) at the end of each reply.
  template <typename OnReply>
  void read(std::string_view octets, OnReply on_reply) {
    for (const char octet : octets) {
      if (take(octet)) on_reply(code_);
    }
  }

  // In the middle of a line or of a reply.
  [[nodiscard]] bool within_reply() const noexcept { return length_ > 0 || continued_ != 0; }
  // False once something was no reply, or a line did not end with CRLF alone.
  [[nodiscard]] bool certain() const noexcept { return certain_; }

 private:
  // True when a reply ends with this octet.
  [[nodiscard]] bool take(char octet) noexcept;
  [[nodiscard]] bool end_line() noexcept;

  std::array<char, code_digits + 1> line_{};  // code and separator
  std::size_t length_ = 0;                    // of the line so far
  int code_ = 0;
  int continued_ = 0;  // the code of the lines so far, of a reply that has more
  bool cr_ = false;    // the last octet
  bool certain_ = true;
};

}  // namespace tecs
