// Which domains' name servers keep silent, so that a mail about one of them does not hold up a worker for as
// long as DNS takes to give up, and the next mail again.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "tecs/clock.hpp"
#include "tecs/key_source.hpp"
#include "verdicts/organizational_domain.hpp"

namespace tecs {

struct ComplaintSilenceOptions {
  std::chrono::milliseconds memory = std::chrono::minutes{10};
  std::size_t maximum_domains = 10'000;  // with more, the one that was silent first is forgotten
};

// Asks another source. After it had no answer (temperror) for a name, every name of the same organizational
// domain fails at once with dns_timeout, until the memory ends. Thread safe if the source is. All that is
// given must outlive it.
class ComplaintSilence final : public TxtSource {
 public:
  ComplaintSilence(TxtSource& source, const Clock& clock, const PublicSuffixList& suffixes,
                   const ComplaintSilenceOptions& options = {})
      : source_(source), clock_(clock), suffixes_(suffixes), options_(options) {}

  [[nodiscard]] Expected<TxtAnswer> lookup(const std::string& name) override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  [[nodiscard]] bool is_silent(const std::string& domain);
  void remember(const std::string& domain);

  TxtSource& source_;
  const Clock& clock_;
  const PublicSuffixList& suffixes_;
  const ComplaintSilenceOptions options_;

  std::mutex mutex_;  // guards what follows
  std::map<std::string, Time> until_;
  std::deque<std::map<std::string, Time>::iterator> oldest_first_;
};

}  // namespace tecs
