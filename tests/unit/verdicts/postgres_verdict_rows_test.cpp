#include "verdicts/postgres_verdict_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/verdicts/postgresql_server.hpp"
#include "unit/verdicts/varied_verdicts.hpp"
#include "verdicts/postgres_database.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs {
namespace {

TEST(PostgresVerdictRows, AreWhatPostgresqlReads) {
  const test::PostgresqlDatabase place;
  const auto database = PostgresDatabase::open(place.name(), StoreMode::read_write).value();
  std::vector<Verdict> verdicts = test::varied_verdicts(0, 250);
  verdicts[1].helo = "a\\b\tc\nd\re\\N";
  verdicts[2].score = 1e-300;
  verdicts[3].epoch.reset();
  std::vector<const Verdict*> all;
  all.reserve(verdicts.size());
  for (const Verdict& verdict : verdicts) all.push_back(&verdict);
  ASSERT_TRUE(database->copy("COPY verdicts (" + verdict_columns() + ") FROM STDIN", CopyRows(all)));
  std::ranges::sort(verdicts, {}, [](const Verdict& verdict) { return std::pair(verdict.time, verdict.id); });
  std::vector<Verdict> found;
  ASSERT_TRUE(select_verdicts(*database, {.oldest_first = true}, [&](const Verdict& verdict) {
    found.push_back(verdict);
    return true;
  }));
  EXPECT_EQ(found, verdicts);
}

TEST(PostgresVerdictRows, ComeInPiecesThatAreTheWhole) {
  const std::vector<Verdict> verdicts = test::varied_verdicts(0, 201);
  std::vector<const Verdict*> all;
  all.reserve(verdicts.size());
  for (const Verdict& verdict : verdicts) all.push_back(&verdict);
  CopyRows pieces(all);
  std::string rows;
  std::size_t count = 0;
  for (std::string piece = pieces(); !piece.empty(); piece = pieces(), ++count) rows += piece;
  EXPECT_EQ(rows, copy_rows(all));
  EXPECT_EQ(count, 3U);
  EXPECT_EQ(CopyRows({})(), "");
}

}  // namespace
}  // namespace tecs
