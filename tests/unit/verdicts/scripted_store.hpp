// What stands around a verdict writer or forwarder in its tests: a store and a log that do as they are told.
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <new>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "verdicts/verdict_store.hpp"

namespace tecs::test {

// What a store does and remembers; the test keeps it when the writer owns the store.
class StoreScript {
 public:
  void fail_from_now() {
    change([&] { failing_ = true; });
  }
  void succeed_from_now() {
    change([&] { failing_ = blocked_ = without_memory_ = false; });
  }
  void run_out_of_memory_from_now() {
    change([&] { without_memory_ = true; });
  }
  void block_from_now() {
    change([&] { blocked_ = true; });
  }
  // Fails for what can pass whenever more than so many come at once.
  void fail_above(std::size_t count) {
    change([&] { most_ = count; });
  }
  // Never takes this verdict, nor those that come with it.
  void refuse(const std::string& id) {
    change([&] { refused_.insert(id); });
  }

  void wait_for_attempts(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return attempts_ >= count; });
  }
  void wait_for_further_attempts(std::size_t count) {
    std::unique_lock lock(mutex_);
    const std::size_t want = attempts_ + count;
    changed_.wait(lock, [&] { return attempts_ >= want; });
  }

  [[nodiscard]] std::vector<std::size_t> batch_sizes() const {
    const std::scoped_lock lock(mutex_);
    return batch_sizes_;
  }
  [[nodiscard]] std::vector<std::string> ids() const {
    const std::scoped_lock lock(mutex_);
    return ids_;
  }

  Expected<void> write(std::span<const Verdict> verdicts) {
    std::unique_lock lock(mutex_);
    ++attempts_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !blocked_; });
    if (without_memory_) throw std::bad_alloc();
    if (failing_) return failure(Reason::io_error, "the disk is full");
    if (verdicts.size() > most_) return failure(Reason::io_error, "it took too long");
    for (const Verdict& verdict : verdicts) {
      if (refused_.contains(verdict.id)) return failure(Reason::protocol_error, "no such octets");
    }
    batch_sizes_.push_back(verdicts.size());
    for (const Verdict& verdict : verdicts) ids_.push_back(verdict.id);
    return {};
  }

 private:
  template <typename Change>
  void change(Change apply) {
    const std::scoped_lock lock(mutex_);
    apply();
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool failing_ = false;
  bool blocked_ = false;
  bool without_memory_ = false;
  std::size_t most_ = SIZE_MAX;
  std::set<std::string> refused_;
  std::size_t attempts_ = 0;
  std::vector<std::size_t> batch_sizes_;
  std::vector<std::string> ids_;
};

class ScriptedStore final : public VerdictStore {
 public:
  explicit ScriptedStore(StoreScript& script) : script_(script) {}
  Expected<void> write(std::span<const Verdict> verdicts) override { return script_.write(verdicts); }
  Expected<void> select(const VerdictQuery&, const std::function<bool(const Verdict&)>&) override {
    return {};
  }

 private:
  StoreScript& script_;
};

class LogLines final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  [[nodiscard]] std::vector<std::string> lines() {
    const std::scoped_lock lock(mutex_);
    return lines_;
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines_.emplace_back(message.payload.data(), message.payload.size());
  }
  void flush_() override {}
  std::vector<std::string> lines_;
};

}  // namespace tecs::test
