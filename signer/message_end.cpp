#include "signer/message_end.hpp"

#include <algorithm>

namespace tecs {

MessageEnd::Step MessageEnd::next(std::string_view octets) noexcept {
  std::size_t at = 0;
  while (at < octets.size()) {
    if (before_ == Before::text) {
      at = skip_text(octets, at);
      if (at == octets.size()) break;
    }
    const char octet = octets[at];
    const bool ends_line = octet == '\r' || octet == '\n';
    if (before_ == Before::bare_dot && ends_line) return {Found::ambiguous, at};
    if (before_ == Before::line_dot && ends_line) {
      if (octet == '\r' && at + 1 == octets.size()) return {Found::nothing, at};
      if (octet == '\r' && octets[at + 1] == '\n') return {Found::end, at + 2};
      return {Found::ambiguous, at};
    }
    before_ = after(before_, octet);
    ++at;
  }
  return {Found::nothing, octets.size()};
}

MessageEnd::Before MessageEnd::after(Before before, char octet) noexcept {
  switch (octet) {
    case '\r':
      return Before::cr;
    case '\n':
      return before == Before::cr ? Before::line : Before::bare;
    case '.':
      if (before == Before::line) return Before::line_dot;
      return before == Before::cr || before == Before::bare ? Before::bare_dot : Before::text;
    default:
      return Before::text;
  }
}

// What precedes a dot is known from the two octets ahead of it: most of a message need not be walked through.
// Gives where to go on with text ahead.
std::size_t MessageEnd::skip_text(std::string_view octets, std::size_t at) noexcept {
  const std::size_t dot = std::min(octets.find('.', at), octets.size());
  std::size_t begin = dot;
  while (begin > at && dot - begin < 2 && (octets[begin - 1] == '\r' || octets[begin - 1] == '\n')) --begin;
  return begin;
}

}  // namespace tecs
