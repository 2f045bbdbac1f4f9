// Verdicts as a table for a terminal of 100 columns.
#pragma once

#include <array>
#include <cstddef>
#include <iosfwd>
#include <string>

#include "verdicts/verdict.hpp"

namespace tecs {

// Rows of fixed width, so that they can be printed as they come. A value that is too long is cut, and '~'
// stands where: signing domains lose their beginning, as the registered domain stands at the end; all else
// loses its end. An action in parentheses was not taken, as the receiver only monitors. The stream must
// outlive this.
class VerdictTable {
 public:
  explicit VerdictTable(std::ostream& out);  // prints the heading

  void print(const Verdict& verdict);
  void print_summary() const;  // how many, and of which result

 private:
  std::ostream& out_;
  std::array<std::size_t, 7> counts_{};  // by Result
};

}  // namespace tecs
