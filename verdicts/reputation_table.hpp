// Reputation from the table of that name in a verdict store.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "verdicts/reputation_source.hpp"
#include "verdicts/sqlite_connection.hpp"

namespace tecs {

// Thread safe. Has a connection of its own, for reading, opened when it is needed and again after an error:
// the store may be made later than this. Readers do not wait for the writer of verdicts.
class ReputationTable final : public ReputationSource {
 public:
  explicit ReputationTable(std::string file) noexcept : file_(std::move(file)) {}

  // The ttl is 0: whoever writes the table is to see that it counts.
  [[nodiscard]] Expected<ReputationFinding> lookup(const std::string& domain,
                                                   std::chrono::milliseconds time_left) override;

 private:
  struct Opened {
    SqliteConnection connection;
    SqliteStatement select;
  };
  [[nodiscard]] Expected<Opened> open() const;

  std::string file_;
  std::mutex mutex_;
  std::optional<Opened> opened_;
};

}  // namespace tecs
