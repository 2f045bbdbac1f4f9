// A store with verdicts of some days, and what its summaries are to say.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_summary.hpp"

namespace tecs::test {

inline constexpr Verdict::Time midnight{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
inline constexpr std::array all_keys{SummaryKey::domain,  SummaryKey::organizational_domain,
                                     SummaryKey::result,  SummaryKey::reason,
                                     SummaryKey::network, SummaryKey::receiver,
                                     SummaryKey::hour,    SummaryKey::day};

// What a summary is to say, counted from the verdicts one by one.
class CountedByHand {
 public:
  explicit CountedByHand(const SummaryQuery& query) : query_(query) {}

  void add(const Verdict& verdict) {
    if (!counts(verdict)) return;
    SummaryRow& row = rows_[key_of(verdict)];
    ++row.connections;
    row.messages += verdict.messages;
    row.recipients += verdict.recipients;
    row.bytes += verdict.bytes;
    ++row.results.at(static_cast<std::size_t>(verdict.result));
  }

  [[nodiscard]] std::vector<SummaryRow> rows() const {
    std::vector<SummaryRow> sorted;
    for (const auto& [key, row] : rows_) sorted.push_back(row), sorted.back().key = key;
    if (query_.by != SummaryKey::hour && query_.by != SummaryKey::day)
      std::ranges::stable_sort(sorted, std::ranges::greater{}, &SummaryRow::connections);
    return sorted;
  }

 private:
  [[nodiscard]] bool counts(const Verdict& verdict) const {
    const bool exact = query_.by == SummaryKey::network;
    const auto since = query_.since && !exact ? std::chrono::floor<std::chrono::hours>(*query_.since)
                                              : query_.since.value_or(Verdict::Time::min());
    const auto until = query_.until && !exact ? std::chrono::ceil<std::chrono::hours>(*query_.until)
                                              : query_.until.value_or(Verdict::Time::max());
    return verdict.time >= since && verdict.time < until &&
           verdict.domain == query_.domain.value_or(verdict.domain) &&
           verdict.organizational_domain ==
               query_.organizational_domain.value_or(verdict.organizational_domain) &&
           verdict.receiver == query_.receiver.value_or(verdict.receiver) &&
           verdict.result == query_.result.value_or(verdict.result);
  }
  [[nodiscard]] std::string key_of(const Verdict& verdict) const {
    switch (query_.by) {
      case SummaryKey::domain:
        return verdict.domain;
      case SummaryKey::organizational_domain:
        return verdict.organizational_domain;
      case SummaryKey::result:
        return std::string(word(verdict.result));
      case SummaryKey::reason:
        return verdict.reason;
      case SummaryKey::network:
        return verdict.client_network;
      case SummaryKey::receiver:
        return verdict.receiver;
      case SummaryKey::hour:
        return encode_field(Verdict::Time(std::chrono::floor<std::chrono::hours>(verdict.time)));
      case SummaryKey::day:
        break;
    }
    return encode_field(Verdict::Time(std::chrono::floor<std::chrono::days>(verdict.time)));
  }

  SummaryQuery query_;
  std::map<std::string, SummaryRow> rows_;
};

class SummaryFixture : public StoreUnderTest {
 protected:
  // Three domains and those without one. Half of them are in the tables, and half are waiting to be added.
  std::vector<Verdict> write_some(std::chrono::days period = std::chrono::days{5}) {
    std::mt19937 random(5);
    std::vector<Verdict> verdicts;
    for (unsigned i = 0; i < 400; ++i) {
      Verdict verdict = numbered_verdict(i);
      verdict.time = midnight + std::chrono::minutes(
                                    random() % static_cast<unsigned>(std::chrono::minutes(period).count()));
      const bool tried = random() % 3 != 0;
      verdict.domain = tried ? std::array{"a.jgc.org", "jgc.org", "example.com"}.at(random() % 3) : "";
      verdict.organizational_domain = !tried                          ? ""
                                      : verdict.domain == "a.jgc.org" ? "jgc.org"
                                                                      : verdict.domain;
      verdict.result = !tried ? Result::none : random() % 2 == 0 ? Result::pass : Result::fail;
      verdict.reason = verdict.result == Result::fail ? "replay" : "";
      verdict.receiver = random() % 2 == 0 ? "mx1" : "mx2";
      verdict.client_network = random() % 2 == 0 ? "192.0.2.0/24" : "2001:db8::/48";
      verdict.messages = static_cast<std::uint32_t>(random() % 5);
      verdicts.push_back(verdict);
    }
    const auto half = verdicts.size() / 2;
    EXPECT_TRUE(verdict_store().write(std::span(verdicts).first(half)));
    put_counts_into_tables(database());
    EXPECT_TRUE(verdict_store().write(std::span(verdicts).subspan(half)));
    return verdicts;
  }

  std::vector<SummaryRow> summary(const SummaryQuery& query) {
    const auto rows = summarize(database(), query);
    EXPECT_TRUE(rows) << rows.error().sentence;
    return rows.value_or(std::vector<SummaryRow>{});
  }
};

}  // namespace tecs::test
