// Sends the verdicts of a receiver on to a database that many receivers share, from a thread of its own.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "tecs/clock.hpp"
#include "tecs/error.hpp"
#include "verdicts/forward_queue.hpp"
#include "verdicts/verdict_store.hpp"

namespace tecs {

struct VerdictForwarderOptions {
  // Sent in one transaction. Halved after each failure, doubled after each success, back up to this.
  std::size_t maximum_batch = 1'000;
  // Between two looks at the queue; also how old the number of those that wait gets.
  std::chrono::milliseconds poll_time{500};
  // After a failure; doubled after each further one.
  std::chrono::milliseconds first_retry{500};
  std::chrono::milliseconds longest_retry{30'000};
  std::chrono::milliseconds log_interval{60'000};  // between two lines on the same trouble
  std::chrono::milliseconds stop_time{3'000};      // what the destructor gives stop()
};

// Thread safe. What is in the queue stays there until the database has it, however often either of them or
// this program ends meanwhile; the database knows by their ids what it has already. Mail never waits for any
// of this.
//
// A verdict that the database will never take is set aside: logged by id, counted as refused, and taken out
// of the queue, so that it does not hold up the others. The receiver's own store still has it.
class VerdictForwarder {
 public:
  // A store that was just opened. Called by the thread, again after each failure; may take its time.
  using OpenStore = std::function<Expected<std::unique_ptr<VerdictStore>>()>;

  struct Parts {
    std::unique_ptr<ForwardQueue> queue;
    OpenStore open;
    std::string destination;  // for the log: without a password
    std::shared_ptr<spdlog::logger> log;
    const Clock& clock;  // paces the log; must outlive this
  };

  struct Statistics {
    std::size_t backlog = 0;    // that waited at the last look
    std::size_t forwarded = 0;  // sent by this object; some of them perhaps a second time
    std::size_t failures = 0;   // tries that came to nothing
    std::size_t refused = 0;    // set aside
  };

  // Starts the thread.
  explicit VerdictForwarder(Parts parts, const VerdictForwarderOptions& options = {});
  VerdictForwarder(const VerdictForwarder&) = delete;
  VerdictForwarder& operator=(const VerdictForwarder&) = delete;
  // stop(options.stop_time) if nobody stopped it; waits for a call that is under way.
  ~VerdictForwarder();

  // Sends what is queued, until the first failure and for at most this long; the rest stays in the queue for
  // the next start. False: the thread is still in a call to the database, and whatever it uses must not be
  // destroyed yet. Further calls return the same.
  [[nodiscard]] bool stop(std::chrono::milliseconds patience);

  // Asks neither the queue nor the database.
  [[nodiscard]] Statistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tecs
