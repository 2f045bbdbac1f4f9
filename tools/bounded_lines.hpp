// Lines of a stream that may hold anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>

namespace tecs {

// The stream must outlive this.
class BoundedLines {
 public:
  struct Line {
    std::uint64_t number;  // from 1
    std::string text;      // without CR and LF; empty when it was too long
    bool too_long = false;
  };

  BoundedLines(std::istream& in, std::size_t maximum_octets) noexcept : in_(in), maximum_(maximum_octets) {}

  // Empty: that was all. What is longer than the maximum is read, and not kept. A last line may lack its end.
  [[nodiscard]] std::optional<Line> next();

 private:
  std::istream& in_;
  std::size_t maximum_;
  std::uint64_t number_ = 0;
};

}  // namespace tecs
