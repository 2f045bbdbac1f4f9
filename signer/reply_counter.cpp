#include "signer/reply_counter.hpp"

#include <algorithm>
#include <utility>

namespace tecs {

bool ReplyCounter::take(char octet) noexcept {
  const bool after_cr = std::exchange(cr_, octet == '\r');
  if (octet == '\n') {
    if (!after_cr) certain_ = false;
    return end_line();
  }
  if (after_cr || octet == '\0') certain_ = false;
  if (length_ < line_.size()) line_[length_] = octet;
  ++length_;
  return false;
}

bool ReplyCounter::end_line() noexcept {
  const std::size_t length = std::exchange(length_, 0);
  int code = 0;
  const bool digits = length >= code_digits &&
                      std::ranges::all_of(line_.begin(), line_.begin() + code_digits, [&code](char digit) {
                        code = code * 10 + (digit - '0');
                        return digit >= '0' && digit <= '9';
                      });
  // The text may be missing, the space with it: then the CR stands in its place. Or the LF, when that is
  // bare.
  const char separator = length > code_digits ? line_[code_digits] : '\r';
  if (!digits || code < 200 || code > 599 || (separator != ' ' && separator != '-' && separator != '\r')) {
    certain_ = false;
    return false;
  }
  if (continued_ != 0 && continued_ != code) certain_ = false;
  continued_ = separator == '-' ? code : 0;
  code_ = code;
  return continued_ == 0;
}

}  // namespace tecs
