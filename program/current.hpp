// Settings that may be replaced while a program runs: whoever uses them takes what is current and keeps it as
// long as they need it, so nobody ever sees half of the old and half of the new.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace tecs {

// Thread safe. Never empty.
template <typename Settings>
class Current {
 public:
  explicit Current(std::shared_ptr<const Settings> settings) noexcept : settings_(std::move(settings)) {}

  [[nodiscard]] std::shared_ptr<const Settings> get() const {
    const std::lock_guard lock(mutex_);
    return settings_;
  }

  // The former ones are destroyed with the last who uses them.
  void set(std::shared_ptr<const Settings> settings) {
    const std::lock_guard lock(mutex_);
    settings_.swap(settings);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Settings> settings_;
};

}  // namespace tecs
