#include "smtp/line_reader.hpp"

#include <utility>

namespace tecs {

Expected<std::optional<std::string_view>> LineReader::next(std::size_t maximum) {
  const std::size_t end = octets_.find('\n', scanned_);
  const std::size_t length = (end == std::string::npos ? octets_.size() : end + 1) - begin_;
  if (length > maximum) {
    return failure(Reason::protocol_error, "a line is longer than " + std::to_string(maximum) + " octets");
  }
  if (end == std::string::npos) {
    octets_.erase(0, begin_);
    begin_ = 0;
    scanned_ = octets_.size();
    return std::nullopt;
  }
  const std::string_view ended = std::string_view(octets_).substr(begin_, length);
  if (!ended.ends_with("\r\n")) return failure(Reason::protocol_error, "a line ends with a bare LF");
  const std::string_view line = ended.substr(0, length - 2);
  if (line.find('\0') != std::string_view::npos) return failure(Reason::protocol_error, "a line holds a NUL");
  if (line.find('\r') != std::string_view::npos)
    return failure(Reason::protocol_error, "a line holds a bare CR");
  begin_ = end + 1;
  scanned_ = begin_;
  return line;
}

std::string LineReader::take_rest() {
  std::string rest = octets_.substr(begin_);
  discard();
  return rest;
}

std::size_t LineReader::discard() noexcept {
  const std::size_t count = octets_.size() - begin_;
  std::string().swap(octets_);
  begin_ = 0;
  scanned_ = 0;
  return count;
}

}  // namespace tecs
