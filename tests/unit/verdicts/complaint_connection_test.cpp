#include "verdicts/complaint_connection.hpp"

#include <gmock/gmock.h>

#include "unit/verdicts/complaint_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using test::first_id;
using test::SignedConnection;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Remembers what is asked, and how SQLite goes about it.
class WatchedDatabase final : public SqlDatabase {
 public:
  explicit WatchedDatabase(SqlDatabase& database) noexcept : database_(database) {}

  [[nodiscard]] SqlDialect dialect() const noexcept override { return database_.dialect(); }
  [[nodiscard]] Expected<void> execute(const std::string& sql) override { return database_.execute(sql); }
  [[nodiscard]] Expected<std::uint64_t> change(const std::string& sql,
                                               std::span<const SqlValue> values) override {
    return database_.change(sql, values);
  }
  [[nodiscard]] Expected<void> query(const std::string& sql, std::span<const SqlValue> values,
                                     const std::function<bool(const SqlRow&)>& visit) override {
    std::string plan;
    EXPECT_TRUE(database_.query("EXPLAIN QUERY PLAN " + sql, values, [&](const SqlRow& row) {
      plan += std::string(row.text(3)) + "\n";
      return true;
    }));
    plans.push_back(plan);
    return database_.query(sql, values, visit);
  }
  [[nodiscard]] Expected<void> transaction(const std::function<Expected<void>()>& body) override {
    return database_.transaction(body);
  }

  std::vector<std::string> plans;

 private:
  SqlDatabase& database_;
};

class ComplaintConnection : public test::ComplaintFixture {
 protected:
  static std::string id(int number) {
    std::string digits = std::to_string(number);
    return "0190163d-8694-739b-aea5-" + std::string(12 - digits.size(), '0') + digits;
  }
  // Passes of the domain, one each second from then on, of other connections than the one that is sought.
  void keep_others(int count, std::chrono::seconds later, const std::string& selector) {
    std::vector<Verdict> verdicts;
    for (int i = 0; i < count; ++i) {
      Verdict verdict = SignedConnection{.key = test::other_key()}.verdict(id(++written_));
      verdict.time += later + std::chrono::seconds{i};
      verdict.client = "198.51.100.8:" + std::to_string(written_);
      verdict.selector = selector;
      verdicts.push_back(std::move(verdict));
    }
    ASSERT_TRUE(verdict_store().write(verdicts));
  }
  std::optional<ConnectionVerdict> find(SqlDatabase& from, std::chrono::seconds later = 0s) {
    const auto epoch = epoch_.time() + later;
    auto found = find_connection(from, "sender.example", tuple_, {.first = epoch, .last = epoch});
    EXPECT_TRUE(found) << found.error().sentence;
    return found.value_or(std::nullopt);
  }
  std::vector<std::string> keys(SqlDatabase& from) {
    const auto credential = Credential::parse_base64(connection_.credential());
    auto found = find_kept_keys(from, credential.value(), epoch_);
    EXPECT_TRUE(found) << found.error().sentence;
    return found.value_or(std::vector<std::string>{});
  }

  const Epoch epoch_ = Epoch::nearest(*connection_.verdict("").epoch);
  const ConnectionTuple tuple_ = ConnectionTuple::make(Endpoint::parse(connection_.destination).value(),
                                                       Endpoint::parse(connection_.source).value())
                                     .value();
  int written_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, ComplaintConnection, test::both_engines, test::engine_name);

// Whoever complains chooses what is looked for: it must not take long in a store of millions.
TEST_P(ComplaintConnection, NothingIsFoundByLookingAtAll) {
  if (GetParam() != SqlDialect::sqlite) GTEST_SKIP() << "how SQLite goes about it";
  WatchedDatabase watched(database());
  EXPECT_FALSE(find(watched));
  EXPECT_TRUE(keys(watched).empty());
  ASSERT_EQ(watched.plans.size(), 3U);
  for (const std::string& plan : watched.plans) {
    EXPECT_THAT(plan, HasSubstr("SEARCH verdicts USING INDEX verdicts_by_domain"));
    EXPECT_THAT(plan, Not(HasSubstr("SCAN verdicts")));
  }
}

TEST_P(ComplaintConnection, IsFoundByWhatWasSigned) {
  Verdict verdict = connection_.verdict(first_id, 7);
  keep(verdict);
  keep_others(3, 0s, "");
  const auto found = find(database());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, first_id);
  EXPECT_EQ(found->messages, 7U);
  EXPECT_EQ(found->epoch, epoch_.time());
  EXPECT_EQ(found->key_record, verdict.key_record);
  EXPECT_FALSE(find(database(), 30s));
  EXPECT_FALSE(find(database(), -30s));
}

// It may have stood open for hours before AUTH came.
TEST_P(ComplaintConnection, TheConnectionMayHaveBegunADayBefore) {
  Verdict verdict = connection_.verdict(first_id);
  verdict.time -= 23h;
  *verdict.epoch += 30s;
  verdict.epoch_offset = -30s;
  keep(verdict);
  EXPECT_TRUE(find(database()));
}

TEST_P(ComplaintConnection, OnlyAPassIsFound) {
  Verdict verdict = connection_.verdict(first_id);
  verdict.result = Result::fail;
  keep(verdict);
  EXPECT_FALSE(find(database()));
}

// The keys of the nearest 500 verdicts each way; what is hidden behind more of them DNS has to say.
TEST_P(ComplaintConnection, AWalkPastKeysIsBounded) {
  keep_pass(test::sender_key(), -1000s, first_id);
  keep_others(499, -600s, "other");
  EXPECT_THAT(keys(database()), ElementsAre(test::kept_record(test::sender_key())));
  keep_others(1, -50s, "other");
  EXPECT_TRUE(keys(database()).empty());
}

TEST_P(ComplaintConnection, EachKeyIsTriedOnceAndFewAreTried) {
  const auto keep_key = [&](const std::string& record, std::chrono::seconds later) {
    Verdict verdict = SignedConnection{}.verdict(id(++written_));
    verdict.time += later;
    verdict.key_record = record;
    keep(verdict);
  };
  for (int i = 1; i <= 6; ++i) {
    for (const auto later : {std::chrono::seconds{i}, std::chrono::seconds{-i}}) {
      const std::string record = "k=rsa; p=" + std::to_string((later + 10s).count());
      keep_key(record, later);
      keep_key(record, later);
    }
  }
  EXPECT_THAT(keys(database()), ElementsAre("k=rsa; p=9", "k=rsa; p=8", "k=rsa; p=7", "k=rsa; p=6",
                                            "k=rsa; p=11", "k=rsa; p=12", "k=rsa; p=13", "k=rsa; p=14"));
}

}  // namespace
}  // namespace tecs
