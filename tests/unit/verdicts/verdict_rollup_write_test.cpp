// Whatever is written, repeated, pruned and opened again: the counts say what the verdicts say.
#include "verdicts/verdict_rollup_write.hpp"

#include <algorithm>
#include <map>
#include <random>

#include "unit/verdicts/rollup_check.hpp"
#include "unit/verdicts/store_under_test.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/known_domain.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_prune.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

constexpr Verdict::Time midnight{std::chrono::sys_days{std::chrono::year{2026} / 1 / 30}};

// SELECT start, ... of what the verdicts that are there add to the counts of a period.
std::string counted_from_verdicts(const std::string& start) {
  return "SELECT " + start +
         " AS start, domain, organizational_domain, result, reason, receiver, COUNT(*) AS connections, "
         "CAST(SUM(messages) AS BIGINT) AS messages, CAST(SUM(recipients) AS BIGINT) AS recipients, "
         "CAST(SUM(bytes) AS BIGINT) AS bytes, CAST(SUM(duration) AS BIGINT) AS duration, "
         "CAST(SUM(dns_time) AS BIGINT) AS dns_time, CAST(SUM(verification_time) AS BIGINT) AS "
         "verification_time "
         "FROM verdicts GROUP BY " +
         start +
         ", domain, organizational_domain, result, reason, receiver ORDER BY start, domain, "
         "organizational_domain, result, reason, receiver";
}

class VerdictCounts : public test::StoreUnderTest {
 protected:
  Texts rows(const std::string& sql, int columns) {
    Texts found;
    const auto read = store().query(sql, {}, [&](const SqlRow& row) {
      std::string& text = found.emplace_back();
      for (int column = 0; column < columns; ++column) text += std::string(row.text(column)) + "|";
      return true;
    });
    EXPECT_TRUE(read) << read.error().sentence;
    return found;
  }
  Texts counts(const std::string& table) {
    test::put_counts_into_tables(store());
    return rows(
        "SELECT start, domain, organizational_domain, result, reason, receiver, connections, messages, "
        "recipients, bytes, duration, dns_time, verification_time FROM " +
            table + " ORDER BY start, domain, organizational_domain, result, reason, receiver",
        13);
  }

  // Opened anew now and then, as a receiver is started.
  SqlDatabase& store() { return reopened_ ? *reopened_ : database(); }
  void reopen() {
    reopened_.reset();
    reopened_ = open_verdict_database(name(), StoreMode::read_write).value();
  }

  void expect_counts_of_verdicts() {
    EXPECT_EQ(counts("verdicts_hourly"),
              rows(counted_from_verdicts("substr(time, 1, 13) || ':00:00.000Z'"), 13));
    std::map<std::string, std::uint64_t> bins;
    std::map<std::string, std::uint64_t> want;
    const auto read =
        store().query("SELECT start, measure, bin, receiver, connections FROM distributions_hourly", {},
                      [&](const SqlRow& row) {
                        std::string key;
                        for (int column = 0; column < 4; ++column) key += std::string(row.text(column)) + "|";
                        bins[key] = static_cast<std::uint64_t>(row.integer(4));
                        return true;
                      });
    ASSERT_TRUE(read) << read.error().sentence;
    ASSERT_TRUE(verdict_store().select({}, [&](const Verdict& verdict) {
      const std::string start =
          encode_field(Verdict::Time(std::chrono::floor<std::chrono::hours>(verdict.time)));
      const auto count = [&](Measure measure, double value) {
        ++want[start + "|" + std::string(word(measure)) + "|" + std::to_string(bin_of(measure, value)) + "|" +
               verdict.receiver + "|"];
      };
      if (verdict.score) count(Measure::score, *verdict.score);
      if (verdict.duration > 0us) count(Measure::duration, static_cast<double>(verdict.duration.count()));
      if (verdict.dns_time > 0us) count(Measure::dns_time, static_cast<double>(verdict.dns_time.count()));
      if (verdict.verification_time > 0us)
        count(Measure::verification_time, static_cast<double>(verdict.verification_time.count()));
      return true;
    }));
    EXPECT_EQ(bins, want);
  }

 private:
  std::unique_ptr<SqlDatabase> reopened_;
};

Verdict random_verdict(std::mt19937& random, unsigned number) {
  Verdict verdict = test::numbered_verdict(number);
  verdict.time = midnight + std::chrono::milliseconds(random() % std::chrono::milliseconds(50h).count());
  verdict.result = std::array{Result::none, Result::pass, Result::fail}.at(random() % 3);
  const bool tried = verdict.result != Result::none;
  verdict.domain = tried ? "d" + std::to_string(random() % 4) + ".example" : "";
  verdict.organizational_domain = tried && random() % 2 == 0 ? verdict.domain : "";
  verdict.reason = verdict.result == Result::fail && random() % 2 == 0 ? "replay" : "";
  verdict.receiver = random() % 4 == 0 ? "mx2.example.net" : "mx.example.net";
  verdict.score = random() % 2 == 0 ? std::optional(static_cast<double>(random() % 30) - 10.5) : std::nullopt;
  verdict.messages = static_cast<std::uint32_t>(random() % 3);
  verdict.bytes = random() % 2 == 0 ? 0 : 5'000'000'000'000;
  verdict.duration = std::chrono::microseconds(random() % 1000);
  verdict.dns_time = std::chrono::microseconds(random() % 3);
  return verdict;
}

TEST_P(VerdictCounts, SayWhatTheVerdictsSayWhateverHappens) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::vector<Verdict> written;
    for (unsigned round = 0; round < 12; ++round) {
      std::vector<Verdict> batch;
      const std::size_t size = random() % 300;
      while (batch.size() < size) {
        const bool again = !written.empty() && random() % 5 == 0;
        if (!again)
          written.push_back(random_verdict(random, seed * 100'000 + static_cast<unsigned>(written.size())));
        batch.push_back(again ? written[random() % written.size()] : written.back());
      }
      ASSERT_TRUE(verdict_store().write(batch));
      if (random() % 3 == 0) reopen();
      expect_counts_of_verdicts();
    }
    EXPECT_EQ(counts("verdicts_daily"),
              rows(counted_from_verdicts("substr(time, 1, 10) || 'T00:00:00.000Z'"), 13));
    EXPECT_EQ(counts("verdicts_monthly"),
              rows(counted_from_verdicts("substr(time, 1, 7) || '-01T00:00:00.000Z'"), 13));

    const Texts days = counts("verdicts_daily");
    const Texts months = counts("verdicts_monthly");
    const Texts domains = rows("SELECT domain, organizational_domain, first, last FROM known_domains", 4);
    for (const auto age : {10h, 20h, 60h}) {
      ASSERT_TRUE(prune(store(), {.before = midnight + age, .rows_at_a_time = 100},
                        [](const PruneCounts&) { return true; }));
      expect_counts_of_verdicts();
    }
    EXPECT_EQ(counts("verdicts_daily"), days) << "days outlive their verdicts";
    EXPECT_EQ(rows("SELECT domain, organizational_domain, first, last FROM known_domains", 4), domains);
    EXPECT_EQ(counts("verdicts_monthly"), months);
    ASSERT_TRUE(store().execute("DELETE FROM verdicts_daily; DELETE FROM verdicts_monthly"));
  }
}

TEST_P(VerdictCounts, KnowTheDomainsThatPassed) {
  std::mt19937 random(4);
  std::vector<Verdict> verdicts;
  std::map<std::string, std::pair<Verdict::Time, Verdict::Time>> want;
  for (unsigned i = 0; i < 500; ++i) {
    const Verdict& verdict = verdicts.emplace_back(random_verdict(random, i));
    if (verdict.result != Result::pass) continue;
    const Verdict::Time day = std::chrono::floor<std::chrono::days>(verdict.time);
    auto& [first, last] = want.try_emplace(verdict.domain, verdict.time, day).first->second;
    first = std::min(first, verdict.time);
    last = std::max(last, day);
  }
  for (const std::size_t batch : {0U, 100U, 200U, 300U, 400U})
    ASSERT_TRUE(verdict_store().write(std::span(verdicts).subspan(batch, 100)));
  std::map<std::string, std::pair<Verdict::Time, Verdict::Time>> found;
  const auto known = find_new_domains(database(), Verdict::Time{}, 100);
  ASSERT_TRUE(known) << known.error().sentence;
  for (const KnownDomain& domain : *known) found[domain.domain] = {domain.first, domain.last};
  EXPECT_EQ(found, want);
}

// More rows than go into one statement, and a number that is no power of two.
TEST_P(VerdictCounts, AreWrittenHoweverManyThereAre) {
  for (const unsigned size : {1U, 2U, 127U, 128U, 129U, 387U}) {
    std::vector<Verdict> verdicts;
    for (unsigned i = 0; i < size; ++i) {
      verdicts.push_back(test::numbered_verdict(size * 1000 + i));
      verdicts.back().domain = "d" + std::to_string(i) + ".example";
      verdicts.back().result = Result::pass;
    }
    ASSERT_TRUE(verdict_store().write(verdicts));
    expect_counts_of_verdicts();
  }
}

TEST_P(VerdictCounts, AreNotWrittenWhenTheVerdictsAreNot) {
  const std::vector<Verdict> verdicts{test::numbered_verdict(1), test::numbered_verdict(2)};
  ASSERT_TRUE(verdict_store().write({verdicts.data(), 1}));
  ASSERT_TRUE(database().execute("ALTER TABLE known_domains RENAME TO aside"));
  std::vector<Verdict> pass = verdicts;
  pass[1].result = Result::pass;
  EXPECT_FALSE(verdict_store().write(pass)) << "the last of the counts cannot be written";
  expect_counts_of_verdicts();
  EXPECT_EQ(rows("SELECT id FROM verdicts", 1).size(), 1U);
  ASSERT_TRUE(database().execute("ALTER TABLE aside RENAME TO known_domains"));
  EXPECT_TRUE(verdict_store().write(pass));
  expect_counts_of_verdicts();
}

INSTANTIATE_TEST_SUITE_P(Engines, VerdictCounts, test::both_engines, test::engine_name);

}  // namespace
}  // namespace tecs
