// A TLS planner whose DNS answers as a test wants.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "signer/tls_planner.hpp"
#include "unit/hand_clock.hpp"

namespace tecs::test {
using namespace std::chrono_literals;

inline const std::string d32(32, 'x');
inline const TlsaRecord ee_record{3, 1, 1, d32};
inline const TlsaRecord pkix_record{1, 1, 1, d32};

// Answers as a test wants, and remembers what it was asked.
class ScriptedSource final : public TlsaSource {
 public:
  explicit ScriptedSource(HandClock& clock) : clock_(clock) {}

  Expected<void> check_validates(const std::string& name, std::chrono::milliseconds time_left) override {
    checks_.push_back(name);
    check_times_.push_back(time_left);
    clock_.advance(slowness_);
    return validates_;
  }
  Expected<HostAnswer> host(const std::string& name, AddressFamily family,
                            std::chrono::milliseconds time_left) override {
    return asked(name + (family == AddressFamily::ipv4 ? " A" : " AAAA"), time_left, hosts_);
  }
  Expected<bool> validated_alias(const std::string& name, std::chrono::milliseconds time_left) override {
    return asked(name + " CNAME", time_left, aliases_);
  }
  Expected<TlsaAnswer> tlsa_records(const std::string& name, std::chrono::milliseconds time_left) override {
    return asked(name + " TLSA", time_left, records_);
  }

  Expected<void> validates_{};
  std::vector<std::string> checks_;
  std::vector<std::chrono::milliseconds> check_times_;
  std::map<std::string, Expected<HostAnswer>> hosts_;
  std::map<std::string, Expected<bool>> aliases_;
  std::map<std::string, Expected<TlsaAnswer>> records_;
  std::chrono::milliseconds slowness_{0};
  std::vector<std::string> questions_;
  std::vector<std::chrono::milliseconds> times_;

 private:
  template <typename Answers>
  typename Answers::mapped_type asked(const std::string& question, std::chrono::milliseconds time_left,
                                      const Answers& answers) {
    questions_.push_back(question);
    times_.push_back(time_left);
    clock_.advance(slowness_);
    const auto answer = answers.find(question);
    if (answer == answers.end()) return failure(Reason::dns_error, "SERVFAIL");
    return answer->second;
  }

  HandClock& clock_;
};

class TlsPlannerTest : public testing::Test {
 protected:
  Expected<TlsPlan> plan(TlsLevel level, const std::string& host = "mx.example.com",
                         const std::string& name = "") {
    return planner_.plan({.tls = level, .name = name}, server_, host);
  }
  void host(bool dnssec, const std::string& target = "mx.example.com") {
    source_.hosts_.insert_or_assign("mx.example.com A", HostAnswer{{}, target, 300s, dnssec});
  }
  void tlsa(const std::string& name, std::vector<TlsaRecord> records, bool dnssec = true,
            std::optional<std::chrono::seconds> ttl = 300s) {
    source_.records_.insert_or_assign("_25._tcp." + name + " TLSA",
                                      TlsaAnswer{std::move(records), ttl, dnssec});
  }
  // All that a plan has, in one line.
  static std::string text(const Expected<TlsPlan>& plan) {
    if (!plan) return "failure: " + plan.error().sentence;
    static constexpr const char* demands[] = {"never", "opportunistic", "required"};
    return std::string(word(plan->level)) + " " + demands[static_cast<int>(plan->demand)] + " [" +
           plan->server_name + (plan->other_names.empty() ? "" : " or " + plan->other_names.at(0)) + "] " +
           std::to_string(plan->tlsa.size()) + " " + std::string(plan->reason);
  }

  HandClock clock_;
  ScriptedSource source_{clock_};
  TlsPlanner planner_{source_, clock_};
  Endpoint server_ = *Endpoint::parse("192.0.2.25:25");
};

}  // namespace tecs::test
