// Fills a verdict store much faster than its writer does: rows first, indices afterwards, and nothing is
// synced. What it leaves is what the writer would.
#pragma once

#include <cstdint>

#include "bench/verdict_traffic.hpp"
#include "verdicts/store_name.hpp"

namespace tecs::bench {

// The store must not be there, or be empty. Throws std::runtime_error. PostgreSQL writes no log of it if its
// wal_level is minimal.
void fill_in_bulk(const StoreName& name, std::uint64_t verdicts, const TrafficOptions& traffic);

// The same verdicts through the writer, 1,000 in a batch.
void fill_by_writer(const StoreName& name, std::uint64_t verdicts);

// So many batches of 1,000 verdicts through the writer, of the last two hours of ninety days: in a store that
// was filled in bulk, their counts then wait to be added.
void add_batches(const StoreName& name, std::uint64_t batches);

// Octets on disk of all tables and indices. On PostgreSQL those of the connection's first schema.
[[nodiscard]] std::uint64_t size_on_disk(const StoreName& name);

// With all that a summary by domain needs, so that the engine by itself can tell it from the index alone.
void add_covering_index(const StoreName& name);

}  // namespace tecs::bench
