// Takes verdicts off the hands of those who handle mail and writes them from a thread of its own.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <cstddef>
#include <memory>

#include "tecs/clock.hpp"
#include "verdicts/verdict.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

struct VerdictWriterOptions {
  std::size_t maximum_queued = 100'000;  // some 2 KB each; beyond that new verdicts are dropped
  std::size_t maximum_batch = 1'000;     // written in one transaction
  // How long a verdict waits for others, so that a busy receiver does not ask the disk to sync for each
  // connection.
  std::chrono::milliseconds gather_time{100};
  // After a failed write; doubled after each further one.
  std::chrono::milliseconds first_retry{100};
  std::chrono::milliseconds longest_retry{30'000};
  std::chrono::milliseconds log_interval{60'000};  // between two lines on the same trouble
  std::chrono::milliseconds stop_time{10'000};     // what the destructor gives stop()
};

// Thread safe. A verdict that was accepted is kept until the store has it; the store being away only makes
// the queue grow. The thread has the store prepare itself first. Logs when writing fails and when verdicts
// are dropped, at most once an interval, and when it goes well again.
class VerdictWriter {
 public:
  struct Statistics {
    std::size_t queued = 0;  // accepted, not yet written
    std::size_t written = 0;
    std::size_t dropped = 0;  // not accepted, or given up by stop()
  };

  // Starts the thread. The clock only paces the log; it must outlive this.
  VerdictWriter(std::unique_ptr<VerdictStore> store, std::shared_ptr<spdlog::logger> log, const Clock& clock,
                const VerdictWriterOptions& options = {});
  VerdictWriter(const VerdictWriter&) = delete;
  VerdictWriter& operator=(const VerdictWriter&) = delete;
  ~VerdictWriter();  // stop(options.stop_time) if nobody stopped it; waits for a write that is under way

  // Never waits for the store. False: the queue is full or the writer was stopped, and the verdict is counted
  // as dropped.
  bool add(Verdict verdict);

  // Accepts nothing more and writes what is queued, for at most this long. True: everything that was ever
  // accepted is on disk. False: what is left is given up, counted and logged. Further calls return the same.
  [[nodiscard]] bool stop(std::chrono::milliseconds patience);

  // After stop(). False: the thread is still in a call to the store, which must not be destroyed yet.
  [[nodiscard]] bool at_its_end() const;

  [[nodiscard]] Statistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tecs
