// What a monitoring system asks of the signer (Prometheus text format over HTTP, on a listener of its own).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "program/reading.hpp"
#include "signer/session_report.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Thread safe. Counts connections to servers:
//   tecs_signer_connections_total{result}     signed, unsigned or failed
//   tecs_signer_refused_total                 of these, where the server did not take the signature
//   tecs_signer_tls_total{level,result}       what policy wanted and what came of it
//   tecs_signer_added_seconds                 histogram: what AUTH cost the MTA, of the signed ones
// Names and addresses of servers are not in the labels: there would be no end of them.
class SignerMetrics {
 public:
  SignerMetrics();
  SignerMetrics(const SignerMetrics&) = delete;
  SignerMetrics& operator=(const SignerMetrics&) = delete;
  ~SignerMetrics();

  // What was counted so far answers at http://address/metrics from here on. What the readings ask must
  // outlive close(). Once. Fails with io_error.
  [[nodiscard]] Expected<void> listen(const Endpoint& address, std::vector<Reading> readings);
  // Answers nobody any more; waits for those who are being answered.
  void close() noexcept;

  void count(const SessionReport& report);

  // The page, without the readings.
  [[nodiscard]] std::string format() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tecs
