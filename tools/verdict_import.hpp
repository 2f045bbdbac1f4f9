// Takes verdicts from lines of JSON into a store, in batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/clock.hpp"
#include "tecs/error.hpp"
#include "verdicts/organizational_domain.hpp"
#include "verdicts/pruned_times.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

// One thread.
class VerdictImport {
 public:
  struct Parts {
    VerdictStore& store;
    SqlDatabase& database;  // the same store, to tell what it has already
    const PublicSuffixList& suffixes;
    const Clock& clock;
    // The number of a line that is not taken, and why: of the first hundred only, then once that there are
    // more. Not one octet of the line is in the sentence.
    std::function<void(std::uint64_t line, const std::string& why)> refused;
  };

  // added and known are as the store was when a batch was written: somebody else who writes the same verdicts
  // at that moment is not seen.
  struct Counts {
    std::uint64_t read = 0;  // lines that are not empty
    std::uint64_t added = 0;
    std::uint64_t known = 0;
    std::uint64_t pruned = 0;  // from before the time up to which the store was pruned
    std::uint64_t refused = 0;
  };

  static constexpr std::size_t batch_size = 1'000;
  static constexpr std::uint64_t most_told = 100;

  explicit VerdictImport(Parts parts) : parts_(std::move(parts)) {}

  // One line of input, however wrong. Both fail with io_error when the store cannot be asked or written.
  [[nodiscard]] Expected<void> add(std::uint64_t line, std::string_view text);
  // What is gathered is written now; belongs at the end of each file, since lines are counted in files.
  [[nodiscard]] Expected<void> flush();

  // A line that could not be read.
  [[nodiscard]] Expected<void> refuse(std::uint64_t line, const std::string& why);

  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
  void count_refused(std::uint64_t line, const std::string& why);
  [[nodiscard]] Expected<void> write_one_by_one();
  // What became of one that was written.
  [[nodiscard]] std::uint64_t& count_of(const Verdict& verdict, bool known, const PrunedTimes& pruned);

  Parts parts_;
  Counts counts_;
  std::vector<Verdict> batch_;
  std::vector<std::uint64_t> lines_;  // of the batch
};

}  // namespace tecs
