// Notices that something stands before the MTA and hides its clients: a proxy or a translator, from which
// every connection seems to come. No signature can be right then, since its source is another.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>

#include "tecs/clock.hpp"
#include "tecs/ip_address.hpp"

namespace tecs {

// Thread safe. The clock must outlive this.
class HiddenClients {
 public:
  static constexpr std::size_t connections = 100;
  static constexpr std::chrono::hours interval{1};

  explicit HiddenClients(const Clock& clock) noexcept : clock_(clock) {}

  // To be told of each connection. True: the last hundred clients, and maybe more, were one and the same
  // private address, and that was not yet said within the hour.
  [[nodiscard]] bool seem_so(const IpAddress& client);

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::optional<IpAddress> last_;
  std::size_t repeated_ = 0;  // how often it came one after the other
  std::optional<std::chrono::steady_clock::time_point> said_;
};

}  // namespace tecs
