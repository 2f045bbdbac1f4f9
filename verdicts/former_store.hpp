// A receiver's store that an older version of TECS made, and that takes its time to be brought up to date.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <mutex>
#include <string>

#include "tecs/clock.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Thread safe. All verdicts of the store are counted through, some 10 seconds for each million, or what a
// version after 2 counted is, some seconds for ten million; nobody should wait for it who has mail to
// receive.
class FormerStore {
 public:
  // Changes nothing. Null: the SQLite file is not there yet, or is of this version, or cannot be read, of
  // which whoever opens it for writing is told. Fails with io_error when the file is a former store, but
  // cannot be written to. The clock must outlive the result.
  [[nodiscard]] static Expected<std::shared_ptr<FormerStore>> find(const std::string& file,
                                                                   const Clock& clock,
                                                                   std::shared_ptr<spdlog::logger> log);

  // Once, by whoever calls first; the others wait for it. After a failure the next call tries again. Logs
  // before and after.
  [[nodiscard]] Expected<void> bring_up_to_date();

 private:
  FormerStore(std::string file, bool has_counts, const Clock& clock,
              std::shared_ptr<spdlog::logger> log) noexcept
      : file_(std::move(file)), has_counts_(has_counts), clock_(clock), log_(std::move(log)) {}

  const std::string file_;
  const bool has_counts_;
  const Clock& clock_;
  const std::shared_ptr<spdlog::logger> log_;
  std::mutex mutex_;
  bool done_ = false;
};

}  // namespace tecs
