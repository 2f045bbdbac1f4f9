#include "program/stop_signal.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace tecs {
namespace {

// A signal handler is given nothing but a number, so this is the one variable of the programs that is global.
std::atomic<StopSignal*> listening{nullptr};
static_assert(std::atomic<StopSignal*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a signal handler may not wait for a lock");

}  // namespace

StopSignal::StopSignal() : descriptor_(eventfd(0, EFD_CLOEXEC)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  listening = this;
  sigset_t open{};
  sigemptyset(&open);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    struct sigaction action {};
    sigemptyset(&action.sa_mask);
    // SA_NODEFER: while the handler runs the signal stays open in this thread, else sigwait() gets the next.
    action.sa_flags = SA_RESTART | SA_NODEFER;
    action.sa_handler = signals[i] == SIGPIPE ? SIG_IGN : &StopSignal::on_signal;
    sigaction(signals[i], &action, &former_[i]);
    if (signals[i] != SIGPIPE) sigaddset(&open, signals[i]);
  }
  // Whoever started us may have left them blocked.
  pthread_sigmask(SIG_UNBLOCK, &open, nullptr);
}

StopSignal::~StopSignal() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &former_[i], nullptr);
  listening = nullptr;
  close(descriptor_);
}

std::optional<StopSignal::Event> StopSignal::take() noexcept {
  if (stop_) return Event::stop;
  if (reload_.exchange(false)) return Event::reload;
  return std::nullopt;
}

// False: the time was over. Signals interrupt poll() whatever SA_RESTART says, and ThreadSanitizer delivers
// none inside of read().
bool StopSignal::sleep(int milliseconds) {
  pollfd polled{descriptor_, POLLIN, 0};
  const int ready = poll(&polled, 1, milliseconds);
  if (ready < 0 && errno != EINTR)
    throw std::system_error(errno, std::generic_category(), "polling an eventfd");
  if (ready <= 0) return ready < 0;
  std::uint64_t count = 0;
  if (read(descriptor_, &count, sizeof(count)) < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "reading an eventfd");
  }
  return true;
}

StopSignal::Event StopSignal::wait() {
  while (true) {
    if (const auto event = take()) return *event;
    static_cast<void>(sleep(-1));
  }
}

std::optional<StopSignal::Event> StopSignal::wait_for(std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    if (const auto event = take()) return event;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    if (left <= 0 || !sleep(static_cast<int>(left))) return take();
  }
}

void StopSignal::request_stop() noexcept {
  stop_ = true;
  wake();
}

void StopSignal::on_signal(int number) {
  const int interrupted_errno = errno;
  if (StopSignal* const target = listening; target != nullptr) {
    if (number == SIGHUP) {
      target->reload_ = true;
      target->wake();
    } else {
      target->request_stop();
    }
  }
  errno = interrupted_errno;
}

// The counter of an eventfd is full only after 2^64 - 2 signals, so this does not block.
void StopSignal::wake() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(descriptor_, &one, sizeof(one));
}

}  // namespace tecs
