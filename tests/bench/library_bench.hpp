// The benchmarks of libtecs and its peers. They are one program, so that Google Benchmark can run the
// repetitions of all of them in random order.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "allocations.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/signing_key.hpp"

namespace tecs::bench {

struct Keys {
  SigningKey rsa_2048;
  SigningKey rsa_4096;
  SigningKey ed25519;
};

inline constexpr std::chrono::sys_seconds now{std::chrono::seconds{1170806400}};

// So many connections of one client to one server.
[[nodiscard]] std::vector<ConnectionTuple> connections(std::int64_t count);

// What a client sends inside AUTH for this connection, now.
[[nodiscard]] std::string initial_response(const SigningKey& key, const ConnectionTuple& tuple);

// Each registers the benchmarks of one subject with Google Benchmark. The keys must outlive their run.
void add_verifications(const Keys& keys);
void add_openssl(const Keys& keys);
void add_credentials(const Keys& keys);
void add_keys(const Keys& keys);
void add_opendkim(const Keys& keys);

// Runs the loop of a benchmark, and counts what one turn of it allocates.
template <typename Operation>
void repeat(benchmark::State& state, Operation operation) {
  const std::uint64_t before = allocations_of_this_thread();
  for (auto _ : state) operation();
  state.counters["allocations"] = benchmark::Counter(
      static_cast<double>(allocations_of_this_thread() - before), benchmark::Counter::kAvgIterations);
}

}  // namespace tecs::bench
