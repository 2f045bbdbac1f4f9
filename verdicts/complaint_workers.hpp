// Threads that decide queued complaints, each with a connection of its own to the store.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "tecs/clock.hpp"
#include "tecs/key_source.hpp"
#include "verdicts/complaint_queue.hpp"
#include "verdicts/complaint_silence.hpp"
#include "verdicts/organizational_domain.hpp"
#include "verdicts/sql_database.hpp"

namespace tecs {

struct ComplaintWorkersOptions {
  bool once = false;  // end when no mail is due, or when the store fails; else wait for more
  std::size_t maximum_octets = ArfMessage::maximum_octets;
  ComplaintLimits limits{};
  std::chrono::milliseconds idle = std::chrono::seconds{1};           // between looks into an empty queue
  std::chrono::milliseconds longest_wait = std::chrono::seconds{30};  // for a store that fails
  ComplaintQueueOptions queue{};
  ComplaintSilenceOptions silence{};
};

// All member functions may be called by any thread; the destructor stops the workers and waits for them.
class ComplaintWorkers {
 public:
  // What the threads use. All that is referred to must outlive the workers.
  struct Surroundings {
    const Clock& clock;
    TxtSource& source;
    const PublicSuffixList& suffixes;
    // Called for each mail that was decided or postponed, and for each failure of the store; by one thread at
    // a time. Must not call the workers.
    std::function<void(const Expected<QueuedDecision>&)> report;
  };

  // One thread for each database; none may be null.
  ComplaintWorkers(std::vector<std::unique_ptr<SqlDatabase>> databases, const Surroundings& surroundings,
                   const ComplaintWorkersOptions& options);
  ComplaintWorkers(const ComplaintWorkers&) = delete;
  ComplaintWorkers& operator=(const ComplaintWorkers&) = delete;
  ~ComplaintWorkers();

  // Each finishes the mail that it is at.
  void stop();
  // Waits until all have ended, at most so long. True: they have.
  [[nodiscard]] bool wait(std::chrono::milliseconds patience);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tecs
