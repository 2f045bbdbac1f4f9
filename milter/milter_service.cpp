#include "milter/milter_service.hpp"

#include <unistd.h>

#include <atomic>
#include <thread>
#include <type_traits>

namespace tecs {
namespace {

// libmilter hands its callbacks nothing of ours when a connection begins, so the way to the service is
// global. libmilter's threads may still come when main() has returned: neither the lock nor the pointer is
// ever destroyed.
std::shared_mutex service_mutex;
std::atomic<MilterService*> serving = nullptr;
static_assert(std::is_trivially_destructible_v<std::shared_mutex>);
static_assert(std::is_trivially_destructible_v<std::atomic<MilterService*>>);

[[noreturn]] void wait_for_the_end_of_the_program() noexcept {
  while (true) pause();
}

}  // namespace

MilterServiceInUse::MilterServiceInUse() : lock_(service_mutex), service_(serving) {
  if (service_ != nullptr) return;
  lock_.unlock();
  wait_for_the_end_of_the_program();
}

void begin_milter_service(MilterService& service) {
  serving = &service;
}

// Nobody gets the service from here on: where callbacks never cease there would be no moment without one.
// It asks again and again: ThreadSanitizer does not know the call that waits for a lock by the steady clock.
bool end_milter_service(std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds between_tries{2};
  serving = nullptr;
  const auto until = std::chrono::steady_clock::now() + patience;
  std::unique_lock lock(service_mutex, std::defer_lock);
  while (!lock.try_lock()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(between_tries);
  }
  return true;
}

}  // namespace tecs
