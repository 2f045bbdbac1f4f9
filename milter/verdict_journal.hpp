// The last thing that happens to a verdict in the receiver: it gets what no door knows, is counted, is
// logged, and goes to the store.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <string>

#include "milter/metrics.hpp"
#include "verdicts/organizational_domain.hpp"
#include "verdicts/verdict.hpp"
#include "verdicts/verdict_writer.hpp"

namespace tecs {

// Thread safe. What is passed in by reference must outlive this.
class VerdictJournal {
 public:
  VerdictJournal(VerdictWriter& writer, const PublicSuffixList& suffixes, Metrics& metrics,
                 std::shared_ptr<spdlog::logger> log) noexcept
      : writer_(writer), suffixes_(suffixes), metrics_(metrics), log_(std::move(log)) {}

  // Sets id, client network and organizational domain. Never waits for the store.
  void add(Verdict verdict);

 private:
  VerdictWriter& writer_;
  const PublicSuffixList& suffixes_;
  Metrics& metrics_;
  std::shared_ptr<spdlog::logger> log_;
};

// "verdict result=pass domain=jgc.org client=198.51.100.7:40213 ...": the words are the names of the
// verdict's fields and stay as they are, so that scripts can match on them. A field that is empty is left
// out; a value with white space stands in double quotes. The credential is not in it.
[[nodiscard]] std::string format_verdict_line(const Verdict& verdict);

}  // namespace tecs
