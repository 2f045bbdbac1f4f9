// Whether the counts of a store are those of its verdicts.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "verdicts/batch_counts.hpp"
#include "verdicts/verdict_fields.hpp"
#include "verdicts/verdict_rollup.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs::test {

using Rows = std::vector<std::string>;

// A row as its columns' texts with "|" between them, in ascending order.
inline Rows rows(SqlDatabase& database, const std::string& table, const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + column;
  Rows found;
  const auto read = database.query("SELECT " + list + " FROM " + table, {}, [&](const SqlRow& row) {
    std::string& text = found.emplace_back();
    for (std::size_t column = 0; column < columns.size(); ++column)
      text += std::string(column == 0 ? "" : "|") + std::string(row.text(static_cast<int>(column)));
    return true;
  });
  EXPECT_TRUE(read) << read.error().sentence;
  std::ranges::sort(found);
  return found;
}

inline Rows rows_of_counts(const std::vector<RollupRow>& counts) {
  Rows wanted;
  for (const auto& [key, count] : counts) {
    wanted.push_back(encode_field(key.start) + "|" + std::string(key.domain) + "|" +
                     std::string(key.organizational_domain) + "|" + std::string(word(key.result)) + "|" +
                     std::string(key.reason) + "|" + std::string(key.receiver) + "|" +
                     std::to_string(count.connections) + "|" + std::to_string(count.messages) + "|" +
                     std::to_string(count.recipients) + "|" + std::to_string(count.bytes) + "|" +
                     std::to_string(count.duration.count()) + "|" + std::to_string(count.dns_time.count()) +
                     "|" + std::to_string(count.verification_time.count()));
  }
  std::ranges::sort(wanted);
  return wanted;
}

// Of tables alone nobody is to ask before that.
inline void put_counts_into_tables(SqlDatabase& database) {
  const auto put =
      database.transaction([&] { return add_batch_counts(database, 1'000).map([](const auto&) {}); });
  EXPECT_TRUE(put) << put.error().sentence;
}

// As the engine itself adds up the verdicts, with nothing of what wrote the counts.
inline Rows rows_of_verdicts(SqlDatabase& database, const std::string& start) {
  const std::string keys = ", domain, organizational_domain, result, reason, receiver";
  return rows(database,
              "(SELECT " + start + " AS start" + keys +
                  ", COUNT(*) AS connections, CAST(SUM(messages) AS BIGINT) AS messages, "
                  "CAST(SUM(recipients) AS BIGINT) AS recipients, CAST(SUM(bytes) AS BIGINT) AS bytes FROM "
                  "verdicts GROUP BY " +
                  start + keys + ") AS counted",
              {"start", "domain", "organizational_domain", "result", "reason", "receiver", "connections",
               "messages", "recipients", "bytes"});
}

inline void expect_sums_of_verdicts(SqlDatabase& database) {
  const std::vector<std::string> columns{"start",      "domain",   "organizational_domain", "result",
                                         "reason",     "receiver", "connections",           "messages",
                                         "recipients", "bytes"};
  EXPECT_EQ(rows(database, "verdicts_hourly", columns),
            rows_of_verdicts(database, "substr(time, 1, 13) || ':00:00.000Z'"));
  EXPECT_EQ(rows(database, "verdicts_daily", columns),
            rows_of_verdicts(database, "substr(time, 1, 10) || 'T00:00:00.000Z'"));
  EXPECT_EQ(rows(database, "verdicts_monthly", columns),
            rows_of_verdicts(database, "substr(time, 1, 7) || '-01T00:00:00.000Z'"));
}

// All tables say what the verdicts say, counted anew. Returns how many verdicts there are.
inline std::size_t expect_counts_of_verdicts(SqlDatabase& database) {
  put_counts_into_tables(database);
  expect_sums_of_verdicts(database);
  std::vector<Verdict> verdicts;
  const auto read = select_verdicts(database, {}, [&](const Verdict& verdict) {
    verdicts.push_back(verdict);
    return true;
  });
  EXPECT_TRUE(read) << read.error().sentence;
  std::vector<const Verdict*> all;
  all.reserve(verdicts.size());
  for (const Verdict& verdict : verdicts) all.push_back(&verdict);
  VerdictRollup want = roll_up(all);
  add_up(want);

  const std::vector<std::string> counts{"start",
                                        "domain",
                                        "organizational_domain",
                                        "result",
                                        "reason",
                                        "receiver",
                                        "connections",
                                        "messages",
                                        "recipients",
                                        "bytes",
                                        "duration",
                                        "dns_time",
                                        "verification_time"};
  EXPECT_EQ(rows(database, "verdicts_hourly", counts), rows_of_counts(want.hours));
  EXPECT_EQ(rows(database, "verdicts_daily", counts), rows_of_counts(want.days));
  EXPECT_EQ(rows(database, "verdicts_monthly", counts), rows_of_counts(want.months));
  Rows distributions, domains;
  for (const auto& [key, connections] : want.distributions)
    distributions.push_back(encode_field(key.start) + "|" + std::string(word(key.measure)) + "|" +
                            std::to_string(key.bin) + "|" + std::string(key.receiver) + "|" +
                            std::to_string(connections));
  std::ranges::sort(distributions);
  EXPECT_EQ(rows(database, "distributions_hourly", {"start", "measure", "bin", "receiver", "connections"}),
            distributions);
  for (const KnownDomainRow& row : want.known_domains)
    domains.push_back(std::string(row.domain) + "|" + std::string(row.organizational_domain) + "|" +
                      encode_field(row.first) + "|" + encode_field(row.last));
  std::ranges::sort(domains);
  EXPECT_EQ(rows(database, "known_domains", {"domain", "organizational_domain", "first", "last"}), domains);
  return verdicts.size();
}

}  // namespace tecs::test
