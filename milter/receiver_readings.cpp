#include "milter/receiver_readings.hpp"

#include <string>
#include <utility>

namespace tecs {
namespace {

using Kind = Reading::Kind;
using Statistics = Receiver::Statistics;

template <typename Select>
Reading reading(const Receiver& receiver, std::string name, std::string help, Kind kind, Select select) {
  return {std::move(name), std::move(help), kind,
          [&receiver, select] { return static_cast<double>(select(receiver.statistics())); }};
}

std::size_t reputation_failures(const Statistics& all) {
  std::size_t failures = 0;
  for (const auto& source : all.reputation) failures += source.failures;
  return failures;
}

std::size_t reputation_cache_hits(const Statistics& all) {
  std::size_t hits = 0;
  for (const auto& source : all.reputation) hits += source.cache.hits;
  return hits;
}

// Of whoever forwards nothing they stay 0.
VerdictForwarder::Statistics forwarding(const Statistics& all) {
  return all.forwarder.value_or(VerdictForwarder::Statistics{});
}

std::vector<Reading> forwarding_readings(const Receiver& receiver) {
  const auto counter = [&receiver](const char* name, const char* help, auto select) {
    return reading(receiver, name, help, Kind::counter, select);
  };
  return {
      reading(receiver, "tecs_forward_backlog", "Verdicts that wait to be forwarded", Kind::gauge,
              [](const Statistics& all) { return forwarding(all).backlog; }),
      counter("tecs_forwarded_total", "Verdicts that were forwarded since the start",
              [](const Statistics& all) { return forwarding(all).forwarded; }),
      counter("tecs_forward_failures_total", "Tries to forward verdicts that came to nothing",
              [](const Statistics& all) { return forwarding(all).failures; }),
      counter("tecs_forward_refused_total", "Verdicts that cannot be forwarded and were set aside",
              [](const Statistics& all) { return forwarding(all).refused; }),
  };
}

}  // namespace

std::vector<Reading> receiver_readings(const Receiver& receiver) {
  const auto gauge = [&receiver](const char* name, const char* help, auto select) {
    return reading(receiver, name, help, Kind::gauge, select);
  };
  const auto counter = [&receiver](const char* name, const char* help, auto select) {
    return reading(receiver, name, help, Kind::counter, select);
  };
  std::vector<Reading> readings{
      gauge("tecs_sessions", "SMTP connections that are open",
            [](const Statistics& all) { return all.sessions; }),
      gauge("tecs_delayed_sessions", "SMTP connections that wait at MAIL",
            [](const Statistics& all) { return all.delayed; }),
      gauge("tecs_lookups_under_way", "Keys that DNS is being asked for",
            [](const Statistics& all) { return all.mechanism.lookups_under_way; }),
      gauge("tecs_signatures_remembered", "Signatures that would be replays",
            [](const Statistics& all) { return all.mechanism.signatures_remembered; }),
      gauge("tecs_key_cache_entries", "Names whose keys are remembered",
            [](const Statistics& all) { return all.keys.entries; }),
      counter("tecs_key_cache_hits_total", "Keys that were remembered",
              [](const Statistics& all) { return all.keys.hits; }),
      counter("tecs_key_cache_misses_total", "Keys that DNS was asked for",
              [](const Statistics& all) { return all.keys.misses; }),
      counter("tecs_key_cache_shared_total", "Keys that somebody else's question gave",
              [](const Statistics& all) { return all.keys.shared; }),
      counter("tecs_reputation_failures_total", "Questions that a source of reputation did not answer",
              reputation_failures),
      counter("tecs_reputation_cache_hits_total", "Reputations that were remembered", reputation_cache_hits),
      gauge("tecs_verdicts_queued", "Verdicts that wait for the store",
            [](const Statistics& all) { return all.writer.queued; }),
      counter("tecs_verdicts_written_total", "Verdicts that the store has",
              [](const Statistics& all) { return all.writer.written; }),
      counter("tecs_verdicts_dropped_total", "Verdicts that were given up",
              [](const Statistics& all) { return all.writer.dropped; }),
  };
  for (Reading& each : forwarding_readings(receiver)) readings.push_back(std::move(each));
  return readings;
}

}  // namespace tecs
