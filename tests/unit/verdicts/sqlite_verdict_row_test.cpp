#include "verdicts/sqlite_verdict_row.hpp"

#include <gtest/gtest.h>

#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/sqlite_database.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs {
namespace {

TEST(SqliteVerdictRow, IsInsertedOnce) {
  const test::TemporaryDirectory directory;
  const auto database =
      SqliteDatabase::open(directory.file("verdicts.db"), StoreMode::read_write, std::chrono::seconds{5})
          .value();
  auto insert = database->connection().prepare(insert_verdict_statement()).value();
  Verdict plain;
  plain.id = "plain";
  for (const Verdict& verdict : {test::full_verdict(), plain, test::full_verdict()}) {
    bind_verdict(insert, verdict);
    ASSERT_TRUE(insert.step());
    insert.reset();
  }
  std::vector<Verdict> found;
  ASSERT_TRUE(select_verdicts(*database, {}, [&](const Verdict& verdict) {
    found.push_back(verdict);
    return true;
  }));
  EXPECT_EQ(found, (std::vector{test::full_verdict(), plain}));
}

}  // namespace
}  // namespace tecs
