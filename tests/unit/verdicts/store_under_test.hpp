// The base of tests that hold for every engine that verdicts can be kept in.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "unit/verdicts/postgresql_server.hpp"
#include "unit/verdicts/temporary_directory.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs::test {

// A store of each test's own. A fixture derives from it, or is it under another name; its tests are TEST_P,
// and it is made to run by
//   INSTANTIATE_TEST_SUITE_P(Engines, MyFixture, test::both_engines, test::engine_name);
class StoreUnderTest : public testing::TestWithParam<SqlDialect> {
 public:
  // The same place each time; nothing is there before it is opened for writing.
  [[nodiscard]] StoreName name() const { return name_; }

  // Opened for writing at the first call; the same one each time.
  [[nodiscard]] SqlDatabase& database() {
    if (!database_) database_ = opened(open_verdict_database(name_, StoreMode::read_write));
    return *database_;
  }
  [[nodiscard]] VerdictStore& verdict_store() {
    if (!store_) store_ = opened(open_verdict_store(name_, StoreMode::read_write));
    return *store_;
  }

 private:
  template <typename Store>
  static std::unique_ptr<Store> opened(Expected<std::unique_ptr<Store>> store) {
    if (!store) throw std::runtime_error(store.error().sentence);
    return std::move(*store);
  }

  [[nodiscard]] StoreName make_name() {
    if (GetParam() == SqlDialect::sqlite)
      return StoreName::parse("sqlite:" + directory_.file("verdicts.db")).value();
    postgresql_ = std::make_unique<PostgresqlSchema>();
    return postgresql_->name();
  }

  TemporaryDirectory directory_;
  std::unique_ptr<PostgresqlSchema> postgresql_;
  StoreName name_ = make_name();
  std::unique_ptr<SqlDatabase> database_;
  std::unique_ptr<VerdictStore> store_;
};

inline const auto both_engines = testing::Values(SqlDialect::sqlite, SqlDialect::postgresql);

inline std::string engine_name(const testing::TestParamInfo<SqlDialect>& engine) {
  return engine.param == SqlDialect::sqlite ? "sqlite" : "postgresql";
}

}  // namespace tecs::test
