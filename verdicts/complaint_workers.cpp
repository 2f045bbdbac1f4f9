#include "verdicts/complaint_workers.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace tecs {

struct ComplaintWorkers::State {
  State(const Surroundings& given, const ComplaintWorkersOptions& given_options)
      : surroundings(given),
        options(given_options),
        silence(given.source, given.clock, given.suffixes, given_options.silence) {}

  void run(SqlDatabase& database, unsigned worker);
  // False: it is time to end.
  [[nodiscard]] bool pause(std::chrono::milliseconds length);
  void report(const Expected<QueuedDecision>& decision);

  const Surroundings surroundings;
  const ComplaintWorkersOptions options;
  ComplaintSilence silence;  // of which all workers know

  std::mutex report_mutex;  // held while a report is written, which may take its time

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  bool stopped = false;
  std::size_t running = 0;

  std::vector<std::thread> threads;
};

bool ComplaintWorkers::State::pause(std::chrono::milliseconds length) {
  std::unique_lock lock(mutex);
  return !changed.wait_for(lock, length, [&] { return stopped; });
}

void ComplaintWorkers::State::report(const Expected<QueuedDecision>& decision) {
  const std::scoped_lock lock(report_mutex);
  surroundings.report(decision);
}

void ComplaintWorkers::State::run(SqlDatabase& database, unsigned worker) {
  using Step = QueuedDecision::Step;
  constexpr std::chrono::milliseconds none{0};
  const ComplaintContext context{database, silence, surroundings.suffixes, options.maximum_octets,
                                 options.limits};
  std::chrono::milliseconds wait = options.idle;
  while (pause(none)) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(surroundings.clock.now());
    const auto decision = decide_queued_complaint(context, now, options.queue, worker);
    if (!decision || decision->step == Step::decided || decision->step == Step::postponed) report(decision);
    const bool idle = decision && decision->step == Step::none;
    if (decision) wait = options.idle;
    if (decision && !idle) continue;
    if (options.once || !pause(wait)) break;
    if (!idle) wait = std::min(wait * 2, options.longest_wait);
  }
  const std::scoped_lock lock(mutex);
  --running;
  changed.notify_all();
}

ComplaintWorkers::ComplaintWorkers(std::vector<std::unique_ptr<SqlDatabase>> databases,
                                   const Surroundings& surroundings, const ComplaintWorkersOptions& options)
    : state_(std::make_unique<State>(surroundings, options)) {
  state_->running = databases.size();
  unsigned worker = 0;
  for (auto& database : databases) {
    state_->threads.emplace_back(
        [state = state_.get(), worker, owned = std::move(database)] { state->run(*owned, worker); });
    ++worker;
  }
}

ComplaintWorkers::~ComplaintWorkers() {
  stop();
  for (std::thread& thread : state_->threads) thread.join();
}

void ComplaintWorkers::stop() {
  const std::scoped_lock lock(state_->mutex);
  state_->stopped = true;
  state_->changed.notify_all();
}

bool ComplaintWorkers::wait(std::chrono::milliseconds patience) {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, patience, [&] { return state_->running == 0; });
}

}  // namespace tecs
