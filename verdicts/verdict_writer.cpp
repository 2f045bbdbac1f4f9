#include "verdicts/verdict_writer.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "tecs/adapters/repeat_limit.hpp"

namespace tecs {
namespace {

using SteadyClock = std::chrono::steady_clock;

}  // namespace

struct VerdictWriter::State {
  State(std::unique_ptr<VerdictStore> given_store, std::shared_ptr<spdlog::logger> given_log,
        const Clock& clock, const VerdictWriterOptions& given_options)
      : options(given_options),
        log(std::move(given_log)),
        store(std::move(given_store)),
        back_off(given_options.first_retry),
        failure_pace(clock, given_options.log_interval),
        drop_pace(clock, given_options.log_interval) {
    batch.reserve(options.maximum_batch);  // nothing is to be missing amid taking verdicts out of the queue
  }

  void run();
  void report(const Error& error);
  [[nodiscard]] bool gather();
  [[nodiscard]] bool write();
  template <typename Work>
  [[nodiscard]] static Expected<void> with_memory(const Work& work);
  [[nodiscard]] Expected<void> prepare();
  [[nodiscard]] Expected<void> write_batch();
  [[nodiscard]] bool pause();
  void finish();

  const VerdictWriterOptions options;
  const std::shared_ptr<spdlog::logger> log;

  // Used by the thread alone.
  const std::unique_ptr<VerdictStore> store;
  std::vector<Verdict> batch;
  std::chrono::milliseconds back_off;
  RepeatLimit failure_pace;
  bool failing = false;
  bool stop_seen = false;

  // Guarded by the mutex, which nobody holds while the store writes.
  mutable std::mutex mutex;
  std::condition_variable wake;      // for the thread: a verdict came, or stop() was called
  std::condition_variable finished;  // for stop(): there is an outcome
  std::deque<Verdict> queue;
  std::size_t in_batch = 0;
  std::size_t written = 0;
  std::size_t dropped = 0;
  std::optional<SteadyClock::time_point> deadline;  // set by stop()
  std::optional<bool> outcome;                      // what stop() returns
  bool at_its_end = false;
  RepeatLimit drop_pace;

  std::thread thread;
};

void VerdictWriter::State::run() {
  if (const auto ready = prepare(); !ready) report(ready.error());
  bool giving_up = false;
  while (!giving_up && gather()) {
    while (!giving_up && !write()) giving_up = !pause();
  }
  finish();
}

// Fills the batch. False: stopped, and nothing is left or no time for it.
bool VerdictWriter::State::gather() {
  std::unique_lock lock(mutex);
  wake.wait(lock, [&] { return deadline || !queue.empty(); });
  wake.wait_for(lock, options.gather_time, [&] { return deadline || queue.size() >= options.maximum_batch; });
  if (queue.empty() || (deadline && SteadyClock::now() >= *deadline)) return false;
  const auto end = queue.begin() + static_cast<std::ptrdiff_t>(std::min(queue.size(), options.maximum_batch));
  batch.assign(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
  queue.erase(queue.begin(), end);
  in_batch = batch.size();
  return true;
}

// An exception would end the program, and with it all verdicts that wait.
template <typename Work>
Expected<void> VerdictWriter::State::with_memory(const Work& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return failure(Reason::io_error, "out of memory");
  }
}

Expected<void> VerdictWriter::State::prepare() {
  return with_memory([this] { return store->prepare(); });
}

Expected<void> VerdictWriter::State::write_batch() {
  return with_memory([this] { return store->write(batch); });
}

// False: the batch is still to be written.
bool VerdictWriter::State::write() {
  if (const auto result = write_batch(); !result) {
    report(result.error());
    return false;
  }
  batch.clear();
  back_off = options.first_retry;
  if (std::exchange(failing, false)) log->info("verdicts are written again");
  const std::scoped_lock lock(mutex);
  written += std::exchange(in_batch, 0);
  return true;
}

void VerdictWriter::State::report(const Error& error) {
  failing = true;
  if (failure_pace.due()) log->error("verdicts cannot be written and are kept for now: {}", error.sentence);
}

// Waits before the next try; the first after a stop comes at once. False: the time that stop() gave is over.
bool VerdictWriter::State::pause() {
  std::unique_lock lock(mutex);
  auto until = SteadyClock::now() + back_off;
  if (deadline) until = std::min(until, *deadline);
  wake.wait_until(lock, until, [&] { return deadline && !stop_seen; });
  back_off = std::min(back_off * 2, options.longest_retry);
  if (deadline && !std::exchange(stop_seen, true)) back_off = options.first_retry;
  return !deadline || SteadyClock::now() < *deadline;
}

void VerdictWriter::State::finish() {
  std::size_t lost = 0;
  {
    const std::scoped_lock lock(mutex);
    lost = queue.size() + std::exchange(in_batch, 0);
    queue.clear();
    dropped += lost;
    if (!outcome) outcome = lost == 0;
    at_its_end = true;
    finished.notify_all();
  }
  if (lost != 0) log->error("{} verdicts could not be written before the stop and are lost", lost);
}

VerdictWriter::VerdictWriter(std::unique_ptr<VerdictStore> store, std::shared_ptr<spdlog::logger> log,
                             const Clock& clock, const VerdictWriterOptions& options)
    : state_(std::make_unique<State>(std::move(store), std::move(log), clock, options)) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

VerdictWriter::~VerdictWriter() {
  static_cast<void>(stop(state_->options.stop_time));
  state_->thread.join();
}

bool VerdictWriter::add(Verdict verdict) {
  State& state = *state_;
  Statistics now;
  {
    const std::scoped_lock lock(state.mutex);
    if (!state.deadline && state.queue.size() + state.in_batch < state.options.maximum_queued) {
      state.queue.push_back(std::move(verdict));
      const std::size_t queued = state.queue.size();
      if (queued == 1 || queued == state.options.maximum_batch) state.wake.notify_one();
      return true;
    }
    ++state.dropped;
    if (!state.drop_pace.due()) return false;
    now = {state.queue.size() + state.in_batch, state.written, state.dropped};
  }
  // A log that blocks must not keep the others from adding.
  state.log->error("verdicts are dropped, {} so far: {} wait to be written", now.dropped, now.queued);
  return false;
}

bool VerdictWriter::stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(state_->mutex);
  if (!state_->deadline) {
    state_->deadline = SteadyClock::now() + patience;
    state_->wake.notify_one();
  }
  if (!state_->finished.wait_until(lock, *state_->deadline, [&] { return state_->outcome.has_value(); })) {
    state_->outcome =
        state_->queue.empty() && state_->in_batch == 0;  // the thread did not come to its end in time
  }
  return *state_->outcome;
}

bool VerdictWriter::at_its_end() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->at_its_end;
}

VerdictWriter::Statistics VerdictWriter::statistics() const {
  const std::scoped_lock lock(state_->mutex);
  return {state_->queue.size() + state_->in_batch, state_->written, state_->dropped};
}

}  // namespace tecs
