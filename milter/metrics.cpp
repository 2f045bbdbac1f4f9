#include "milter/metrics.hpp"

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

double seconds(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

// From a cached key to a name server that does not answer, and from Ed25519 to many candidates.
Histogram::BucketBoundaries lookup_buckets() {
  return {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8};
}
Histogram::BucketBoundaries verification_buckets() {
  return {0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.005, 0.01, 0.1};
}

}  // namespace

struct Metrics::State {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  Family<Counter>& verdicts = prometheus::BuildCounter()
                                  .Name("tecs_verdicts_total")
                                  .Help("Verdicts by their result and the reason for it")
                                  .Register(*registry);
  Family<Counter>& actions = prometheus::BuildCounter()
                                 .Name("tecs_actions_total")
                                 .Help("What scores stood for; taken in the mode enforce only")
                                 .Register(*registry);
  Family<Counter>& reputations = prometheus::BuildCounter()
                                     .Name("tecs_reputation_total")
                                     .Help("Answers on reputation, by the source that knew the domain")
                                     .Register(*registry);
  Histogram& lookup = prometheus::BuildHistogram()
                          .Name("tecs_lookup_seconds")
                          .Help("Time that an AUTH waited for its key")
                          .Register(*registry)
                          .Add({}, lookup_buckets());
  Histogram& verification = prometheus::BuildHistogram()
                                .Name("tecs_verification_seconds")
                                .Help("Time from credential to result, waiting not counted")
                                .Register(*registry)
                                .Add({}, verification_buckets());
  std::optional<PrometheusListener> listener{};
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Expected<void> Metrics::listen(const Endpoint& address, std::vector<Reading> readings) {
  auto listener = PrometheusListener::listen(address, state_->registry, std::move(readings));
  if (!listener) return tl::unexpected(listener.error());
  state_->listener = std::move(*listener);
  return {};
}

void Metrics::close() noexcept {
  state_->listener.reset();
}

void Metrics::count(const Verdict& verdict) {
  const std::string result(word(verdict.result));
  state_->verdicts.Add({{"result", result}, {"reason", verdict.reason}}).Increment();
  if (!verdict.action.empty()) {
    state_->actions.Add({{"action", verdict.action}, {"mode", verdict.mode}}).Increment();
  }
  if (!verdict.reputation.empty()) {
    state_->reputations.Add({{"source", verdict.reputation_source}, {"reputation", verdict.reputation}})
        .Increment();
  }
  if (verdict.result == Result::none) return;
  state_->lookup.Observe(seconds(verdict.dns_time));
  state_->verification.Observe(seconds(verdict.verification_time));
}

std::string Metrics::format() const {
  return prometheus::TextSerializer().Serialize(state_->registry->Collect());
}

}  // namespace tecs
