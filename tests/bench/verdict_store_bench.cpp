// Writes verdicts in batches, into a verdict store or into the same table of the bare engine, and tells how
// long the writing took, their making left out. Both sync each batch.
//
//   verdict-store-bench store|raw sqlite:FILE|postgresql:URI FIRST BATCHES
//
// FIRST: the number of the first verdict. Prints the microseconds by the clock and those of this process.
#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/raw_postgresql.hpp"
#include "bench/raw_sqlite.hpp"
#include "bench/verdict_traffic.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs::bench {
namespace {

constexpr std::size_t batch_size = 1000;

struct Taken {
  std::chrono::nanoseconds wall{0};
  std::chrono::nanoseconds processor{0};
};

std::chrono::nanoseconds processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

struct StoreWriter {
  explicit StoreWriter(const StoreName& name) {
    auto opened = open_verdict_store(name, StoreMode::read_write);
    if (!opened) throw std::runtime_error(opened.error().sentence);
    store = std::move(*opened);
  }
  void get_ready(std::span<const Verdict>) {}
  void write(std::span<const Verdict> verdicts) const {
    if (const auto written = store->write(verdicts); !written)
      throw std::runtime_error(written.error().sentence);
  }
  std::unique_ptr<VerdictStore> store;
};

// All domains send the same, so that a batch has as many different ones as can be.
template <typename Writer>
Taken write_batches(Writer& writer, std::uint64_t first, std::uint64_t batches) {
  Traffic traffic({.few_send_most = false});
  std::vector<Verdict> batch(batch_size);
  Taken taken;
  for (std::uint64_t i = 0; i < batches; ++i) {
    traffic.fill(batch, first + i * batch_size);
    writer.get_ready(batch);
    const auto wall = std::chrono::steady_clock::now();
    const auto processor = processor_time();
    writer.write(batch);
    taken.processor += processor_time() - processor;
    taken.wall += std::chrono::steady_clock::now() - wall;
  }
  return taken;
}

Taken run(const std::string& kind, const StoreName& name, std::uint64_t first, std::uint64_t batches) {
  if (kind == "store") {
    StoreWriter writer(name);
    return write_batches(writer, first, batches);
  }
  if (const auto* const file = std::get_if<StoreName::SqliteFile>(&name.place())) {
    RawSqlite writer(file->path);
    return write_batches(writer, first, batches);
  }
  RawPostgresql writer(name);
  return write_batches(writer, first, batches);
}

}  // namespace
}  // namespace tecs::bench

int main(int count, char** words) {
  if (count != 5) {
    std::cerr << "usage: verdict-store-bench store|raw STORE FIRST BATCHES\n";
    return 64;
  }
  try {
    const auto name = tecs::StoreName::parse(words[2]);
    if (!name) throw std::runtime_error(name.error().sentence);
    const auto taken = tecs::bench::run(words[1], *name, std::stoull(words[3]), std::stoull(words[4]));
    std::cout << taken.wall.count() / 1000 << ' ' << taken.processor.count() / 1000 << '\n';
  } catch (const std::exception& error) {
    std::cerr << "verdict-store-bench: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
