// What a monitoring system asks for (Prometheus text format over HTTP, on a listener of its own).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "program/reading.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Thread safe. Counts verdicts:
//   tecs_verdicts_total{result,reason}         one for each verdict
//   tecs_actions_total{action,mode}            of those that were scored
//   tecs_reputation_total{source,reputation}   of those whose domain was asked for
//   tecs_lookup_seconds, tecs_verification_seconds   histograms, of verdicts with an AUTH
// Domains are not in the labels: strangers choose them, and each new one would be kept for ever.
class Metrics {
 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  // What was counted so far answers at http://address/metrics from here on. What the readings ask must
  // outlive close(). Once. Fails with io_error.
  [[nodiscard]] Expected<void> listen(const Endpoint& address, std::vector<Reading> readings);
  // Answers nobody any more; waits for those who are being answered.
  void close() noexcept;

  void count(const Verdict& verdict);

  // The page, without the readings.
  [[nodiscard]] std::string format() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tecs
