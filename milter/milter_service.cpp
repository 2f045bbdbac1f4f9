#include "milter/milter_service.hpp"

#include <unistd.h>

#include <type_traits>

namespace tecs {
namespace {

// libmilter hands its callbacks nothing of ours when a connection begins, so the way to the service is
// global. libmilter's threads may still come when main() has returned: neither the lock nor the pointer is
// ever destroyed.
std::shared_mutex service_mutex;
MilterService* serving = nullptr;
static_assert(std::is_trivially_destructible_v<std::shared_mutex>);

[[noreturn]] void wait_for_the_end_of_the_program() noexcept {
  while (true) pause();
}

}  // namespace

MilterServiceInUse::MilterServiceInUse() : lock_(service_mutex), service_(serving) {
  if (service_ != nullptr) return;
  lock_.unlock();
  wait_for_the_end_of_the_program();
}

void set_milter_service(MilterService* service) {
  const std::unique_lock lock(service_mutex);
  serving = service;
}

}  // namespace tecs
