// Writing verdicts beside the same rows put into SQLite by hand: same table, indices, journal and batches,
// texts that are ready. DESIGN section 8: at least 0.8 of raw. Run with
// --benchmark_enable_random_interleaving=true and repetitions.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <cstdlib>
#include <vector>

#include "unit/verdicts/temporary_directory.hpp"
#include "unit/verdicts/verdict_samples.hpp"
#include "verdicts/sqlite_schema.hpp"
#include "verdicts/sqlite_verdict_store.hpp"
#include "verdicts/uuid.hpp"
#include "verdicts/verdict_fields.hpp"

namespace tecs {
namespace {

constexpr std::size_t batch_size = 1000;
constexpr int batches = 200;

// Every other connection is unsigned, the rest is from some thousands of domains; the times go up.
class Batches {
 public:
  const std::vector<Verdict>& next() {
    for (Verdict& verdict : batch_) {
      ++number_;
      const bool unsigned_one = number_ % 2 == 0;
      std::array<std::uint8_t, 10> random{};
      for (std::size_t i = 0; i < random.size(); ++i)
        random[i] = static_cast<std::uint8_t>(number_ * 40503U >> i);
      verdict.time = start_ + std::chrono::milliseconds{number_ * 3};
      verdict.id = make_uuid_v7(verdict.time, random);
      verdict.result = unsigned_one ? Result::none : Result::pass;
      verdict.domain = unsigned_one ? "" : "d" + std::to_string(number_ * 2654435761U % 5000) + ".example";
      verdict.credential.assign(unsigned_one ? 0 : 500, 'b');
    }
    return batch_;
  }

 private:
  std::vector<Verdict> batch_ = std::vector<Verdict>(batch_size, test::full_verdict());
  const Verdict::Time start_ = test::full_verdict().time;
  std::uint64_t number_ = 0;
};

void check(bool good, benchmark::State& state) {
  if (!good) state.SkipWithError("writing failed");
}

void raw_sqlite(benchmark::State& state) {
  const test::TemporaryDirectory directory;
  sqlite3* connection = nullptr;
  sqlite3_open_v2(directory.file("raw.db").c_str(), &connection,
                  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  const auto execute = [&](const std::string& sql) {
    check(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, state);
  };
  execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  execute(sqlite_schema());
  sqlite3_stmt* insert = nullptr;
  const std::string places(2 * std::tuple_size_v<decltype(verdict_fields)> - 1, '?');
  std::string sql = "INSERT INTO verdicts VALUES (" + places + ")";
  for (std::size_t i = sql.find('?') + 1; i < sql.size() - 2; i += 2) sql[i] = ',';
  check(sqlite3_prepare_v2(connection, sql.c_str(), -1, &insert, nullptr) == SQLITE_OK, state);

  Batches source;
  std::vector<std::string> times(batch_size);
  for (auto _ : state) {
    state.PauseTiming();
    const auto& batch = source.next();
    for (std::size_t i = 0; i < batch_size; ++i) times[i] = encode_field(batch[i].time);
    state.ResumeTiming();
    execute("BEGIN IMMEDIATE");
    for (std::size_t row = 0; row < batch_size; ++row) {
      const Verdict& v = batch[row];
      const auto text = [&, place = 0](int skip, std::string_view value) mutable {
        place += skip;
        sqlite3_bind_text(insert, place, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
      };
      auto bind = text;
      bind(1, v.id), bind(1, times[row]), bind(1, v.receiver), bind(1, v.server), bind(1, v.client),
          bind(1, v.helo);
      bind(1, v.tls), bind(1, word(v.result)), bind(1, v.reason), bind(1, v.detail), bind(1, v.domain);
      bind(1, v.organizational_domain), bind(1, v.selector), bind(1, v.algorithm), bind(6, v.credential);
      bind(1, v.reputation), bind(1, v.reputation_source), bind(2, v.symbols), bind(1, v.action),
          bind(1, v.mode);
      sqlite3_bind_int64(insert, 15, v.key_bits);
      sqlite3_bind_int64(insert, 16, v.dnssec ? 1 : 0);
      sqlite3_bind_int64(insert, 17, v.testing ? 1 : 0);
      sqlite3_bind_int64(insert, 18, v.epoch->time_since_epoch().count());
      sqlite3_bind_int64(insert, 19, v.epoch_offset->count());
      sqlite3_bind_double(insert, 23, *v.score);
      sqlite3_bind_int64(insert, 27, v.messages);
      sqlite3_bind_int64(insert, 28, v.recipients);
      sqlite3_bind_int64(insert, 29, static_cast<std::int64_t>(v.bytes));
      sqlite3_bind_int64(insert, 30, v.duration.count());
      sqlite3_bind_int64(insert, 31, v.dns_time.count());
      sqlite3_bind_int64(insert, 32, v.verification_time.count());
      check(sqlite3_step(insert) == SQLITE_DONE, state);
      sqlite3_reset(insert);
    }
    execute("COMMIT");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
  sqlite3_finalize(insert);
  sqlite3_close(connection);
}
BENCHMARK(raw_sqlite)->Iterations(batches)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void verdict_store(benchmark::State& state) {
  const test::TemporaryDirectory directory;
  const auto store = SqliteVerdictStore::open(directory.file("verdicts.db"), StoreMode::read_write);
  if (!store) return state.SkipWithError(store.error().sentence.c_str());
  Batches source;
  for (auto _ : state) {
    state.PauseTiming();
    const auto& batch = source.next();
    state.ResumeTiming();
    check((*store)->write(batch).has_value(), state);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
}
BENCHMARK(verdict_store)->Iterations(batches)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

// What the tool's questions cost in a store of a million rows; argument: 0 newest hundred, 1 one domain, 2 a
// result.
void select_from_a_million(benchmark::State& state) {
  static const test::TemporaryDirectory directory;
  const auto store = SqliteVerdictStore::open(directory.file("verdicts.db"), StoreMode::read_write);
  if (!store) return state.SkipWithError(store.error().sentence.c_str());
  std::size_t rows = 0;
  const auto count = [&](const Verdict&) { return ++rows > 0; };
  check((*store)->select({.limit = 1}, count).has_value(), state);
  if (rows == 0) {
    Batches source;
    for (int i = 0; i < 1000; ++i) check((*store)->write(source.next()).has_value(), state);
  }
  const std::array<VerdictQuery, 3> queries{VerdictQuery{.limit = 100},
                                            VerdictQuery{.domain = "d4321.example"},
                                            VerdictQuery{.result = Result::pass, .limit = 100}};
  rows = 0;
  for (auto _ : state)
    check((*store)->select(queries.at(static_cast<std::size_t>(state.range(0))), count).has_value(), state);
  state.counters["rows"] = benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kAvgIterations);
}
BENCHMARK(select_from_a_million)->DenseRange(0, 2)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tecs
