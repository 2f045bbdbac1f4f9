// A fuzzer's octets as a row of decisions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace tecs::test {

// Looks at octets of somebody else, which must live as long. When they are used up, each answer is 0.
class Choices {
 public:
  explicit Choices(std::string_view octets) noexcept : octets_(octets) {}

  [[nodiscard]] bool over() const noexcept { return octets_.empty(); }

  // From 0 to bound - 1; one octet decides, so bound is at most 256.
  std::size_t below(std::size_t bound) noexcept {
    if (octets_.empty() || bound == 0) return 0;
    const auto octet = static_cast<unsigned char>(octets_.front());
    octets_.remove_prefix(1);
    return octet % bound;
  }

  // A position in, or just behind, a text that may be longer than one octet can count.
  std::size_t position(std::size_t size) noexcept {
    const std::size_t high = below(256);
    return (high * 256 + below(256)) % (size + 1);
  }

  // One octet tells how many.
  std::string octets(std::size_t maximum) {
    const std::size_t wanted = below(256);
    const std::string_view taken = octets_.substr(0, std::min(wanted, maximum));
    octets_.remove_prefix(taken.size());
    return std::string(taken);
  }

 private:
  std::string_view octets_;
};

}  // namespace tecs::test
