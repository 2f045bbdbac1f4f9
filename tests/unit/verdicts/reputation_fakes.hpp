// What stands around a reputation look-up in its tests: lists in DNS, and sources that do as they are told.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tecs/dns_source.hpp"
#include "verdicts/reputation_source.hpp"

namespace tecs::test {

// What is not there does not exist, for 300 seconds.
class FakeList final : public DnsSource {
 public:
  std::map<std::string, Expected<std::vector<std::string>>> txt;
  std::map<std::string, Expected<std::vector<std::string>>> a;  // as text
  std::chrono::seconds ttl{120};
  std::vector<std::string> asked;  // "TXT jgc.org.rep.example.net"

  [[nodiscard]] Expected<TxtAnswer> texts(const std::string& name, std::chrono::milliseconds) override {
    asked.push_back("TXT " + name);
    return find(txt, name).map([&](const auto& found) {
      return TxtAnswer{found, found.empty() ? std::chrono::seconds{300} : ttl, false};
    });
  }
  [[nodiscard]] Expected<AddressAnswer> ipv4_addresses(const std::string& name,
                                                       std::chrono::milliseconds) override {
    asked.push_back("A " + name);
    return find(a, name).map([&](const auto& found) {
      AddressAnswer answer{{}, found.empty() ? std::chrono::seconds{300} : ttl};
      for (const std::string& address : found) answer.addresses.push_back(*IpAddress::parse(address));
      return answer;
    });
  }

 private:
  static Expected<std::vector<std::string>> find(
      const std::map<std::string, Expected<std::vector<std::string>>>& records, const std::string& name) {
    const auto found = records.find(name);
    return found == records.end() ? std::vector<std::string>() : found->second;
  }
};

// What a source does and remembers; the test keeps it when somebody else owns the source.
struct SourceScript {
  std::map<std::string, Reputation> known{};
  std::optional<Error> trouble{};
  std::optional<Error> flaw{};  // that check() finds
  bool waits = true;
  std::chrono::seconds ttl{120};
  std::function<void()> meanwhile{};  // done while somebody waits for the answer

  struct Question {
    std::string domain;
    std::chrono::milliseconds time_left;
  };
  std::vector<Question> questions{};  // guarded by the mutex
  std::mutex mutex{};

  [[nodiscard]] std::vector<std::string> asked() {
    const std::scoped_lock lock(mutex);
    std::vector<std::string> names;
    for (const Question& question : questions) names.push_back(question.domain);
    return names;
  }
};

class ScriptedSource final : public ReputationSource {
 public:
  explicit ScriptedSource(SourceScript& script) : script_(script) {}

  [[nodiscard]] Expected<ReputationFinding> lookup(const std::string& domain,
                                                   std::chrono::milliseconds time_left) override {
    {
      const std::scoped_lock lock(script_.mutex);
      script_.questions.push_back({domain, time_left});
    }
    if (script_.meanwhile) script_.meanwhile();
    if (script_.trouble) return tl::unexpected(*script_.trouble);
    const auto found = script_.known.find(domain);
    if (found == script_.known.end()) return ReputationFinding{std::nullopt, script_.ttl};
    return ReputationFinding{found->second, script_.ttl};
  }
  [[nodiscard]] bool may_wait() const noexcept override { return script_.waits; }
  [[nodiscard]] Expected<void> check(std::chrono::milliseconds) override {
    if (script_.flaw) return tl::unexpected(*script_.flaw);
    return {};
  }

 private:
  SourceScript& script_;
};

}  // namespace tecs::test
