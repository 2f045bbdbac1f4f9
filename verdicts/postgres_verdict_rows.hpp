// Verdicts as rows of PostgreSQL's COPY in its text format.
#pragma once

#include <span>
#include <string>

#include "verdicts/verdict.hpp"

namespace tecs {

// With the columns of verdict_columns(), each with a newline. Texts are made fit (postgres_text.hpp). Any
// thread.
[[nodiscard]] std::string copy_rows(std::span<const Verdict* const> verdicts);

// The same in pieces for PostgresDatabase::copy(): the server takes in the first while the next is made. The
// verdicts must outlive it.
class CopyRows {
 public:
  explicit CopyRows(std::span<const Verdict* const> verdicts) noexcept : left_(verdicts) {}

  // Empty: that was all.
  [[nodiscard]] std::string operator()();

 private:
  std::span<const Verdict* const> left_;
};

}  // namespace tecs
