// Work that takes long or blocks, done by another thread and awaited in that of the loop.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/basic_waitable_timer.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace tecs {

// Made, asked and destroyed in the thread of the io_context.
template <typename Value>
class Background : public std::enable_shared_from_this<Background<Value>> {
 public:
  using Executor = asio::io_context::executor_type;

  // Begins at once. What work refers to must outlive the pool's threads; it must not throw. To forget the
  // result, drop the pointer.
  template <typename Work>
  [[nodiscard]] static std::shared_ptr<Background> begin(const Executor& loop, asio::thread_pool& pool,
                                                         Work work) {
    std::shared_ptr<Background> task(new Background(loop));
    // The pool's thread carries the pointer back: it must not be the one that destroys the timer.
    asio::post(pool, [loop, carried = task, work = std::move(work)]() mutable {
      asio::post(loop, [carried = std::move(carried), value = work()]() mutable {
        carried->value_ = std::move(value);
        carried->done_.cancel();
      });
    });
    return task;
  }

  // Waits until it is there; for one caller, once.
  [[nodiscard]] asio::awaitable<Value, Executor> result() {
    const auto kept = this->shared_from_this();
    if (!value_) {
      asio::error_code cancelled;
      co_await done_.async_wait(asio::redirect_error(asio::use_awaitable_t<Executor>(), cancelled));
    }
    co_return std::move(*value_);
  }

 private:
  using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                           asio::wait_traits<std::chrono::steady_clock>, Executor>;

  explicit Background(const Executor& loop) : done_(loop, Timer::time_point::max()) {}

  Timer done_;  // never runs out; cancelled when the value is there
  std::optional<Value> value_;
};

}  // namespace tecs
