#include "program/prometheus_listener.hpp"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/registry.h>

#include <exception>
#include <string>
#include <utility>

namespace tecs {
namespace {

class Readings final : public prometheus::Collectable {
 public:
  explicit Readings(std::vector<Reading> readings) : readings_(std::move(readings)) {}

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<prometheus::MetricFamily> families;
    families.reserve(readings_.size());
    for (const Reading& reading : readings_) families.push_back(ask(reading));
    return families;
  }

 private:
  [[nodiscard]] static prometheus::MetricFamily ask(const Reading& reading) {
    const bool counter = reading.kind == Reading::Kind::counter;
    prometheus::ClientMetric metric;
    (counter ? metric.counter.value : metric.gauge.value) = reading.value();
    return {reading.name,
            reading.help,
            counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge,
            {metric}};
  }

  std::vector<Reading> readings_;
};

}  // namespace

// The exposer is destroyed first, which ends its threads: it keeps only weak pointers to what it asks.
struct PrometheusListener::State {
  std::shared_ptr<prometheus::Registry> registry;
  std::shared_ptr<Readings> readings;
  std::unique_ptr<prometheus::Exposer> exposer{};
};

PrometheusListener::PrometheusListener(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
PrometheusListener::PrometheusListener(PrometheusListener&&) noexcept = default;
PrometheusListener& PrometheusListener::operator=(PrometheusListener&&) noexcept = default;
PrometheusListener::~PrometheusListener() = default;

Expected<PrometheusListener> PrometheusListener::listen(const Endpoint& address,
                                                        std::shared_ptr<prometheus::Registry> registry,
                                                        std::vector<Reading> readings) {
  auto state = std::make_unique<State>(
      State{std::move(registry), std::make_shared<Readings>(std::move(readings)), nullptr});
  // Who asks is one program, now and then; others who connect and say nothing must not keep it waiting long.
  try {
    state->exposer = std::make_unique<prometheus::Exposer>(std::vector<std::string>{
        "listening_ports", address.format(), "num_threads", "4", "request_timeout_ms", "2000"});
  } catch (const std::exception& error) {
    return failure(Reason::io_error,
                   "cannot answer for metrics at " + address.format() + ": " + error.what());
  }
  state->exposer->RegisterCollectable(state->registry);
  state->exposer->RegisterCollectable(state->readings);
  return PrometheusListener(std::move(state));
}

}  // namespace tecs
