#include "verdicts/verdict_forwarder.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "tecs/adapters/repeat_limit.hpp"

namespace tecs {
namespace {

using SteadyClock = std::chrono::steady_clock;

}  // namespace

struct VerdictForwarder::State {
  State(Parts given_parts, const VerdictForwarderOptions& given_options)
      : options(given_options),
        parts(std::move(given_parts)),
        batch_size(given_options.maximum_batch),
        back_off(given_options.first_retry),
        failure_pace(parts.clock, given_options.log_interval) {}

  void run();
  [[nodiscard]] Expected<std::size_t> try_to_forward();
  [[nodiscard]] Expected<std::size_t> forward_batch();
  [[nodiscard]] Expected<void> send(std::span<const QueuedVerdict> batch);
  [[nodiscard]] Expected<void> send_each(std::span<const QueuedVerdict> batch);
  [[nodiscard]] Expected<void> write(std::span<const Verdict> verdicts);
  void count_forwarded(std::size_t verdicts);
  void set_aside(const QueuedVerdict& queued, const Error& error);
  void note(const Expected<std::size_t>& sent);
  void report(const Error& error);
  void look_at_backlog();
  [[nodiscard]] std::chrono::milliseconds time_to_next_try(bool well, bool full);
  void pause(std::chrono::milliseconds time);
  [[nodiscard]] std::size_t backlog() const;
  [[nodiscard]] bool asked_to_stop() const;
  [[nodiscard]] bool is_late() const;
  void finish();

  const VerdictForwarderOptions options;

  // Used by the thread alone.
  const Parts parts;
  std::unique_ptr<VerdictStore> store;  // null: to be opened
  std::size_t batch_size;               // of the next one
  std::chrono::milliseconds back_off;
  RepeatLimit failure_pace;
  bool failing = false;

  // Guarded by the mutex, which nobody holds while the queue or the store is asked.
  mutable std::mutex mutex;
  std::condition_variable wake;      // for the thread: stop() was called
  std::condition_variable finished;  // for stop(): the thread is at its end
  Statistics statistics;
  std::optional<SteadyClock::time_point> deadline;  // set by stop()
  bool ended = false;
  std::optional<bool> outcome;  // what stop() returns

  std::thread thread;
};

void VerdictForwarder::State::run() {
  look_at_backlog();
  bool more = true;
  while (more) {
    // Asked before the queue is: what came into it before the stop is still sent.
    const bool stopping = asked_to_stop();
    if (stopping && (failing || is_late())) break;
    const auto sent = try_to_forward();
    look_at_backlog();
    note(sent);
    const bool full = sent && *sent == batch_size;
    // A batch that takes longer than a database, or what stands between, has patience for would fail each
    // time, and all that come after it would wait for ever.
    batch_size =
        sent ? std::min(batch_size * 2, options.maximum_batch) : std::max<std::size_t>(batch_size / 2, 1);
    if (stopping) {
      more = full;
    } else {
      pause(time_to_next_try(sent.has_value(), full));
    }
  }
  finish();
}

void VerdictForwarder::State::note(const Expected<std::size_t>& sent) {
  if (!sent) {
    report(sent.error());
  } else if (std::exchange(failing, false)) {
    parts.log->info("verdicts are forwarded to {} again", parts.destination);
  }
}

// When a batch was full, more are there for sure.
std::chrono::milliseconds VerdictForwarder::State::time_to_next_try(bool well, bool full) {
  if (!well) return std::exchange(back_off, std::min(back_off * 2, options.longest_retry));
  back_off = options.first_retry;
  return full ? std::chrono::milliseconds{0} : options.poll_time;
}

// An exception would end the program, and with it all verdicts that wait to be written.
Expected<std::size_t> VerdictForwarder::State::try_to_forward() {
  try {
    return forward_batch();
  } catch (const std::bad_alloc&) {
    store.reset();  // it is not known what became of it
    return failure(Reason::io_error, "out of memory");
  }
}

// How many were taken out of the queue.
Expected<std::size_t> VerdictForwarder::State::forward_batch() {
  const auto batch = parts.queue->front(batch_size);
  if (!batch) return tl::unexpected(batch.error());
  if (batch->empty()) return std::size_t{0};
  return send(*batch).and_then([&] { return parts.queue->remove_to(batch->back().sequence); }).map([&] {
    return batch->size();
  });
}

Expected<void> VerdictForwarder::State::send(std::span<const QueuedVerdict> batch) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(batch.size());
  for (const QueuedVerdict& queued : batch) {
    if (!queued.verdict) return send_each(batch);
    verdicts.push_back(*queued.verdict);
  }
  auto written = write(verdicts);
  if (!written && written.error().reason == Reason::protocol_error) return send_each(batch);
  if (written) count_forwarded(verdicts.size());
  return written;
}

// To find the one that the others must not wait for.
Expected<void> VerdictForwarder::State::send_each(std::span<const QueuedVerdict> batch) {
  for (const QueuedVerdict& queued : batch) {
    auto written = queued.verdict.and_then([&](const Verdict& verdict) { return write({&verdict, 1}); });
    if (written) {
      count_forwarded(1);
    } else if (written.error().reason == Reason::protocol_error) {
      set_aside(queued, written.error());
    } else {
      return written;
    }
    // What was set aside must not be met and counted again when a later one fails.
    if (auto removed = parts.queue->remove_to(queued.sequence); !removed) return removed;
  }
  return {};
}

// A connection that failed is not used again: it is not known what became of it.
Expected<void> VerdictForwarder::State::write(std::span<const Verdict> verdicts) {
  if (!store) {
    auto opened = parts.open();
    if (!opened) return failure(Reason::io_error, opened.error().sentence);
    store = std::move(*opened);
  }
  auto written = store->write(verdicts);
  if (!written && written.error().reason != Reason::protocol_error) store.reset();
  return written;
}

void VerdictForwarder::State::count_forwarded(std::size_t verdicts) {
  const std::scoped_lock lock(mutex);
  statistics.forwarded += verdicts;
}

void VerdictForwarder::State::set_aside(const QueuedVerdict& queued, const Error& error) {
  {
    const std::scoped_lock lock(mutex);
    ++statistics.refused;
  }
  parts.log->error("verdict {} cannot be forwarded and stays in the own store alone: {}", queued.id,
                   error.sentence);
}

void VerdictForwarder::State::report(const Error& error) {
  {
    const std::scoped_lock lock(mutex);
    ++statistics.failures;
  }
  failing = true;
  if (failure_pace.due())
    parts.log->error("{} verdicts cannot be forwarded to {} and wait for it: {}", backlog(),
                     parts.destination, error.sentence);
}

void VerdictForwarder::State::look_at_backlog() {
  const auto length = parts.queue->length();
  if (!length) return;  // the next batch says why
  const std::scoped_lock lock(mutex);
  statistics.backlog = *length;
}

// Until stop() is called at the longest. The number of those that wait is kept up to date meanwhile.
void VerdictForwarder::State::pause(std::chrono::milliseconds time) {
  const auto until = SteadyClock::now() + time;
  std::unique_lock lock(mutex);
  while (!deadline && SteadyClock::now() < until) {
    const auto next_look = std::min(until, SteadyClock::now() + options.poll_time);
    if (wake.wait_until(lock, next_look, [&] { return deadline.has_value(); })) return;
    lock.unlock();
    look_at_backlog();
    lock.lock();
  }
}

std::size_t VerdictForwarder::State::backlog() const {
  const std::scoped_lock lock(mutex);
  return statistics.backlog;
}

bool VerdictForwarder::State::asked_to_stop() const {
  const std::scoped_lock lock(mutex);
  return deadline.has_value();
}

bool VerdictForwarder::State::is_late() const {
  const std::scoped_lock lock(mutex);
  return deadline && SteadyClock::now() >= *deadline;
}

void VerdictForwarder::State::finish() {
  const std::size_t left = backlog();
  if (left != 0)
    parts.log->info("{} verdicts are forwarded to {} after the next start", left, parts.destination);
  const std::scoped_lock lock(mutex);
  ended = true;
  finished.notify_all();
}

VerdictForwarder::VerdictForwarder(Parts parts, const VerdictForwarderOptions& options)
    : state_(std::make_unique<State>(std::move(parts), options)) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

VerdictForwarder::~VerdictForwarder() {
  static_cast<void>(stop(state_->options.stop_time));
  state_->thread.join();
}

bool VerdictForwarder::stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(state_->mutex);
  if (!state_->deadline) {
    state_->deadline = SteadyClock::now() + patience;
    state_->wake.notify_one();
  }
  const bool ended = state_->finished.wait_until(lock, *state_->deadline, [&] { return state_->ended; });
  if (!state_->outcome) state_->outcome = ended;
  return *state_->outcome;
}

VerdictForwarder::Statistics VerdictForwarder::statistics() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->statistics;
}

}  // namespace tecs
