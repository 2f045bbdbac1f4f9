#include "signer/signer_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <optional>
#include <utility>

#include "program/prometheus_listener.hpp"

namespace tecs {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;

// From a server in the same room to one behind a satellite that thinks about it.
Histogram::BucketBoundaries added_buckets() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
}

std::string word(SessionReport::Ending ending) {
  switch (ending) {
    case SessionReport::Ending::is_signed:
      return "signed";
    case SessionReport::Ending::not_signed:
      return "unsigned";
    default:
      return "failed";
  }
}

}  // namespace

struct SignerMetrics::State {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  Family<Counter>& connections = prometheus::BuildCounter()
                                     .Name("tecs_signer_connections_total")
                                     .Help("Connections to servers, by how they came out")
                                     .Register(*registry);
  Counter& refused = prometheus::BuildCounter()
                         .Name("tecs_signer_refused_total")
                         .Help("Connections whose server did not take the signature")
                         .Register(*registry)
                         .Add({});
  Family<Counter>& tls = prometheus::BuildCounter()
                             .Name("tecs_signer_tls_total")
                             .Help("Connections to servers, by the TLS that policy wanted and what it became")
                             .Register(*registry);
  Histogram& added = prometheus::BuildHistogram()
                         .Name("tecs_signer_added_seconds")
                         .Help("Time that AUTH took, of connections that are signed")
                         .Register(*registry)
                         .Add({}, added_buckets());
  std::optional<PrometheusListener> listener{};
};

SignerMetrics::SignerMetrics() : state_(std::make_unique<State>()) {}
SignerMetrics::~SignerMetrics() = default;

Expected<void> SignerMetrics::listen(const Endpoint& address, std::vector<Reading> readings) {
  auto listener = PrometheusListener::listen(address, state_->registry, std::move(readings));
  if (!listener) return tl::unexpected(listener.error());
  state_->listener = std::move(*listener);
  return {};
}

void SignerMetrics::close() noexcept {
  state_->listener.reset();
}

void SignerMetrics::count(const SessionReport& report) {
  state_->connections.Add({{"result", word(report.ending)}}).Increment();
  if (report.refused) state_->refused.Increment();
  state_->tls
      .Add({{"level", std::string(tecs::word(report.tls_level))},
            {"result", std::string(tecs::word(report.tls_result))}})
      .Increment();
  if (report.added_time) {
    state_->added.Observe(std::chrono::duration<double>(*report.added_time).count());
  }
}

std::string SignerMetrics::format() const {
  return prometheus::TextSerializer().Serialize(state_->registry->Collect());
}

}  // namespace tecs
