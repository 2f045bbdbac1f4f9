// "name:   value" lines whose values stand under each other.
#pragma once

#include <iomanip>
#include <ostream>
#include <string>
#include <string_view>

namespace tecs {

// The stream must outlive this.
class AlignedLines {
 public:
  explicit AlignedLines(std::ostream& out) noexcept : out_(out) {}

  void print(std::string_view name, std::string_view value) {
    constexpr int width = 14;
    out_ << std::left << std::setw(width) << std::string(name) + ":" << value << '\n';
  }

 private:
  std::ostream& out_;
};

}  // namespace tecs
