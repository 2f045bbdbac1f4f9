#include "bench/raw_postgresql.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include "verdicts/postgres_verdict_rows.hpp"
#include "verdicts/verdict_store_select.hpp"

namespace tecs::bench {

RawPostgresql::RawPostgresql(const StoreName& name) {
  auto opened = PostgresDatabase::open(name, StoreMode::read_write);
  if (!opened) throw std::runtime_error(opened.error().sentence);
  database_ = std::move(*opened);
}

void RawPostgresql::get_ready(std::span<const Verdict> verdicts) {
  std::vector<const Verdict*> all;
  for (const Verdict& verdict : verdicts) all.push_back(&verdict);
  rows_ = copy_rows(all);
}

void RawPostgresql::write(std::span<const Verdict>) {
  static const std::string copy = "COPY verdicts (" + verdict_columns() + ") FROM STDIN";
  const auto done =
      database_->transaction([&] { return database_->copy(copy, [&] { return std::exchange(rows_, {}); }); });
  if (!done) throw std::runtime_error(done.error().sentence);
}

}  // namespace tecs::bench
