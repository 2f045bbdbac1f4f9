// Verdicts in PostgreSQL.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "verdicts/batch_counting.hpp"
#include "verdicts/postgres_database.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

// Any number of these, in any number of processes, write at the same time: they take locks in one order. When
// a connection is lost in the middle of a write, whether it arrived is not known; written again it counts
// once.
class PostgresVerdictStore final : public VerdictStore {
 public:
  // As open_verdict_store(): a reader may ask for long and read slowly; a writer holds locks, so it and a
  // server that hangs are given up within half a minute.
  [[nodiscard]] static Expected<std::unique_ptr<VerdictStore>> open(const StoreName& name, StoreMode mode);
  [[nodiscard]] static Expected<std::unique_ptr<VerdictStore>> open(const StoreName& name, StoreMode mode,
                                                                    const PostgresOptions& options);

  // Octets that are no text for PostgreSQL are kept as U+FFFD (postgres_text.hpp).
  [[nodiscard]] Expected<void> write(std::span<const Verdict> verdicts) override;
  [[nodiscard]] Expected<void> select(const VerdictQuery& query,
                                      const std::function<bool(const Verdict&)>& visit) override;

 private:
  enum class Arrival : std::uint8_t { first, perhaps_again };
  PostgresVerdictStore(std::unique_ptr<PostgresDatabase> database, StoreMode mode) noexcept
      : database_(std::move(database)), mode_(mode) {}
  [[nodiscard]] Expected<void> write(const std::vector<const Verdict*>& verdicts, Arrival arrival);

  std::unique_ptr<PostgresDatabase> database_;
  StoreMode mode_;
  BatchCounting counting_;
  std::uint64_t connections_ = 0;  // of the database when it last counted
  bool repeats_ = false;           // the last batch had verdicts that were there
};

}  // namespace tecs
