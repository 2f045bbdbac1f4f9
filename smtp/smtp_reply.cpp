#include "smtp/smtp_reply.hpp"

#include <algorithm>
#include <utility>

#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::size_t code_digits = 3;

// RFC 5321 section 4.2: the first digit is 2 to 5. Nothing when the line does not begin so.
std::optional<int> parse_code(std::string_view line) noexcept {
  if (line.size() < code_digits || line[0] < '2' || line[0] > '5') return std::nullopt;
  int code = 0;
  for (const char digit : line.substr(0, code_digits)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    code = code * 10 + (digit - '0');
  }
  return code;
}

}  // namespace

std::string SmtpReply::format() const {
  static constexpr std::size_t maximum = 200;
  return printable_text(octets.substr(0, octets.find('\r')), maximum);
}

Expected<std::optional<SmtpReply>> SmtpReplyReader::next() {
  for (;;) {
    const auto read = lines_.next();
    if (!read) return tl::unexpected(read.error());
    if (!*read) return std::nullopt;
    const std::string_view line = **read;

    const auto code = parse_code(line);
    // The text may be missing altogether, the space with it (RFC 5321 section 4.2).
    const char separator = line.size() > code_digits ? line[code_digits] : ' ';
    if (!code || (separator != ' ' && separator != '-')) {
      return failure(Reason::protocol_error, "a line is not an SMTP reply: " + printable_text(line, 80));
    }
    if (!reply_.lines.empty() && reply_.code != *code) {
      return failure(Reason::protocol_error, "a reply has different codes on its lines");
    }
    if (reply_.lines.size() == maximum_lines) {
      return failure(Reason::protocol_error,
                     "a reply has more than " + std::to_string(maximum_lines) + " lines");
    }
    reply_.code = *code;
    reply_.lines.emplace_back(line.substr(std::min(line.size(), code_digits + 1)));
    reply_.octets.append(line).append("\r\n");
    if (separator == ' ') return std::exchange(reply_, SmtpReply{});
  }
}

std::size_t SmtpReplyReader::discard() noexcept {
  reply_ = SmtpReply{};
  return lines_.discard();
}

}  // namespace tecs
