#include "signer/tls_planner.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "smtp/tlsa_usability.hpp"
#include "tecs/domain.hpp"

namespace tecs {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

std::chrono::milliseconds time_until(TimePoint end, const Clock& clock) {
  return std::max(std::chrono::milliseconds::zero(),
                  std::chrono::ceil<std::chrono::milliseconds>(end - clock.steady()));
}

TlsDemand demand_of(TlsLevel level) noexcept {
  if (level == TlsLevel::none) return TlsDemand::never;
  return level == TlsLevel::may || level == TlsLevel::dane ? TlsDemand::opportunistic : TlsDemand::required;
}

const std::string& name_of(const DestinationPolicy& policy, const std::string& host) noexcept {
  return policy.name.empty() ? host : policy.name;
}

TlsPlan plan_without_dns(TlsLevel level, const std::string& name) {
  return {.level = level, .demand = demand_of(level), .server_name = name};
}

// The questions of one plan, within one time (RFC 7672 section 2.2).
class DaneQuestions {
 public:
  DaneQuestions(TlsaSource& source, const Clock& clock, TimePoint end)
      : source_(source), clock_(clock), end_(end) {}

  [[nodiscard]] Expected<TlsPlan> plan(const std::string& host, const Endpoint& server) {
    auto names = base_domains(host, server.address().family());
    if (!names) return tl::unexpected(names.error());
    if (names->empty()) return without_tlsa(host, "host-not-signed");
    for (const std::string& name : *names) {
      auto answer = source_.tlsa_records("_" + std::to_string(server.port()) + "._tcp." + name, time_left());
      if (!answer) return tl::unexpected(answer.error());
      saw(answer->ttl);
      if (answer->dnssec && !answer->records.empty())
        return with_tlsa(host, name, std::move(answer->records));
    }
    return without_tlsa(host, "no-tlsa");
  }

  // Least of those that were told.
  [[nodiscard]] std::optional<std::chrono::seconds> ttl() const noexcept { return ttl_; }

 private:
  // Where the TLSA records may be, the first place first; none where they would not be secure. Section 2.2.2:
  // a host whose addresses are not signed is not asked for TLSA records, for the name servers of some such
  // zones do not answer that question at all. Section 2.2.3: an alias's target comes before the alias.
  [[nodiscard]] Expected<std::vector<std::string>> base_domains(const std::string& host,
                                                                AddressFamily family) {
    const auto answer = source_.host(host, family, time_left());
    if (!answer) return tl::unexpected(answer.error());
    saw(answer->ttl);
    std::vector<std::string> names;
    if (answer->dnssec) {
      // What is no name of a host is in no certificate.
      if (answer->name != host && Domain::parse(answer->name)) names.push_back(answer->name);
      names.push_back(host);
    } else if (answer->name != host) {
      // The alias itself may be signed although what it leads to is not.
      const auto alias = source_.validated_alias(host, time_left());
      if (!alias) return tl::unexpected(alias.error());
      if (*alias) names.push_back(host);
    }
    return names;
  }

  [[nodiscard]] static TlsPlan with_tlsa(const std::string& host, const std::string& name,
                                         std::vector<TlsaRecord> records) {
    std::erase_if(records, [](const TlsaRecord& record) { return !usable(record); });
    // Section 2.1.1, "Secure TLSA RRset": where none can be used, at least nobody can take TLS away.
    const std::string_view reason = records.empty() ? "tlsa-not-usable" : "tlsa";
    return {.level = TlsLevel::dane,
            .demand = TlsDemand::required,
            .server_name = name,
            .other_names = name == host ? std::vector<std::string>{} : std::vector{host},
            .tlsa = std::move(records),
            .reason = reason};
  }

  [[nodiscard]] static TlsPlan without_tlsa(const std::string& host, std::string_view reason) {
    TlsPlan plan = plan_without_dns(TlsLevel::dane, host);
    plan.reason = reason;
    return plan;
  }

  [[nodiscard]] std::chrono::milliseconds time_left() const { return time_until(end_, clock_); }

  void saw(std::optional<std::chrono::seconds> ttl) noexcept {
    if (ttl) ttl_ = std::min(*ttl, ttl_.value_or(*ttl));
  }

  TlsaSource& source_;
  const Clock& clock_;
  TimePoint end_;
  std::optional<std::chrono::seconds> ttl_{};
};

}  // namespace

Expected<TlsPlan> TlsPlanner::plan(const DestinationPolicy& policy, const Endpoint& server,
                                   const std::string& host) {
  if (auto known = known_plan(policy, server, host)) return *std::move(known);
  return dane_plan(name_of(policy, host), server);
}

std::optional<Expected<TlsPlan>> TlsPlanner::known_plan(const DestinationPolicy& policy,
                                                        const Endpoint& server, const std::string& host) {
  const std::string& name = name_of(policy, host);
  if (name.empty() && (policy.tls == TlsLevel::verify || policy.tls == TlsLevel::dane)) {
    return failure(Reason::bad_option, "TLS level " + std::string(word(policy.tls)) +
                                           " needs the server's name, and only its address is known");
  }
  if (policy.tls != TlsLevel::dane) return plan_without_dns(policy.tls, name);
  const std::lock_guard lock(mutex_);
  const auto kept = answers_.find(key_of(name, server));
  if (kept == answers_.end() || clock_.steady() >= kept->second.end) return std::nullopt;
  return kept->second.plan;
}

Expected<void> TlsPlanner::check_resolver(const std::string& probe) {
  auto checked = source_.check_validates(probe, limits_.time);
  if (!checked && checked.error().reason == Reason::bad_option) return checked;
  const std::lock_guard lock(mutex_);
  probe_ = probe;
  validates_ = validates_ || checked;
  refusal_.reset();
  return checked;
}

// What a resolver that does not validate calls not signed is perhaps forged. So nothing is known until one
// that was away at the start has shown what it does.
Expected<void> TlsPlanner::see_validation(TimePoint end) {
  std::string probe;
  {
    const std::lock_guard lock(mutex_);
    if (validates_) return {};
    if (refusal_ && clock_.steady() < refusal_->end) return tl::unexpected(refusal_->error);
    probe = probe_;
  }
  auto checked = source_.check_validates(probe, time_until(end, clock_));
  if (!checked && checked.error().reason != Reason::bad_option) {
    checked = failure(checked.error().reason,
                      "it is not known whether the DNS resolver validates: " + checked.error().sentence);
  }
  const std::lock_guard lock(mutex_);
  if (checked) {
    validates_ = true;
  } else {
    refusal_ = {checked.error(), clock_.steady() + limits_.failed};
  }
  return checked;
}

TlsPlanner::Key TlsPlanner::key_of(const std::string& host, const Endpoint& server) {
  return {host, server.address().family(), server.port()};
}

// The lock is not held while DNS is asked. Threads that begin at the same time may ask the same.
Expected<TlsPlan> TlsPlanner::dane_plan(const std::string& host, const Endpoint& server) {
  const TimePoint end = clock_.steady() + limits_.time;
  if (const auto seen = see_validation(end); !seen) return tl::unexpected(seen.error());
  DaneQuestions questions(source_, clock_, end);
  Expected<TlsPlan> plan = questions.plan(host, server);
  if (!plan) plan = failure(plan.error().reason, "TLSA records of " + host + ": " + plan.error().sentence);
  const std::chrono::seconds good_for =
      plan ? std::clamp(questions.ttl().value_or(limits_.unknown), limits_.shortest, limits_.longest)
           : limits_.failed;
  keep(key_of(host, server), {plan, clock_.steady() + good_for});
  return plan;
}

void TlsPlanner::keep(const Key& key, const Kept& kept) {
  const std::lock_guard lock(mutex_);
  answers_.insert_or_assign(key, kept);
  if (answers_.size() <= limits_.answers) return;
  answers_.erase(
      std::ranges::min_element(answers_, {}, [](const auto& answer) { return answer.second.end; }));
}

}  // namespace tecs
