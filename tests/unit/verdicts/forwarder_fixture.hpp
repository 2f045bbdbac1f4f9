// A forwarder between a queue and a database that do as they are told.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "unit/hand_clock.hpp"
#include "unit/verdicts/scripted_queue.hpp"
#include "unit/verdicts/scripted_store.hpp"
#include "verdicts/verdict_forwarder.hpp"

namespace tecs::test {

class ForwarderFixture : public testing::Test {
 protected:
  std::unique_ptr<VerdictForwarder> make(const VerdictForwarderOptions& options) {
    return std::make_unique<VerdictForwarder>(
        VerdictForwarder::Parts{std::make_unique<ScriptedQueue>(queue),
                                [this]() -> Expected<std::unique_ptr<VerdictStore>> {
                                  ++openings;
                                  if (closed) return failure(Reason::bad_option, "nobody listens");
                                  return std::make_unique<ScriptedStore>(script);
                                },
                                "postgresql://db.example.net/tecs", log, clock},
        options);
  }

  static VerdictForwarderOptions quick() {
    VerdictForwarderOptions options;
    options.poll_time = options.first_retry = options.longest_retry = std::chrono::milliseconds{1};
    return options;
  }

  static std::vector<std::string> ids(unsigned count) {
    std::vector<std::string> wanted;
    for (unsigned i = 0; i < count; ++i) wanted.push_back(numbered_verdict(i).id);
    return wanted;
  }

  static void wait_until(const std::function<bool()>& holds) {
    while (!holds()) std::this_thread::yield();
  }

  QueueScript queue;
  StoreScript script;
  std::atomic<bool> closed = false;
  std::atomic<std::size_t> openings = 0;
  HandClock clock;
  std::shared_ptr<LogLines> lines = std::make_shared<LogLines>();
  std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>("test", lines);
};

}  // namespace tecs::test
