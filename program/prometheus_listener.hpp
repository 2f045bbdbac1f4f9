// Answers for a program's metrics (Prometheus text format over HTTP) on a listener of its own.
#pragma once

#include <memory>
#include <vector>

#include "program/reading.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace prometheus {
class Registry;
}

namespace tecs {

// Has threads of its own.
class PrometheusListener {
 public:
  // Answers at http://address/metrics until it is destroyed, which waits for those who are being answered.
  // What the readings ask must outlive it. Fails with io_error.
  [[nodiscard]] static Expected<PrometheusListener> listen(const Endpoint& address,
                                                           std::shared_ptr<prometheus::Registry> registry,
                                                           std::vector<Reading> readings);
  PrometheusListener(PrometheusListener&&) noexcept;
  PrometheusListener& operator=(PrometheusListener&&) noexcept;
  PrometheusListener(const PrometheusListener&) = delete;
  PrometheusListener& operator=(const PrometheusListener&) = delete;
  ~PrometheusListener();

 private:
  struct State;
  explicit PrometheusListener(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace tecs
