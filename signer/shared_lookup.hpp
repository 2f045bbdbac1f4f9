// Where the fixed upstream is, asked of DNS once for all sessions that want to know it at about the same
// time.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "signer/relay.hpp"
#include "tecs/clock.hpp"

namespace tecs {

struct SharedLookupTimes {
  std::chrono::milliseconds found = std::chrono::seconds{10};  // how long addresses serve
  std::chrono::milliseconds failed =
      std::chrono::seconds{2};  // and a failure, so that it is not waited for anew
};

// For one host. Thread safe: while one caller asks, the others wait for its answer, so that a name server
// that is silent is silent for all of them only once. The clock must outlive this.
class SharedLookup {
 public:
  SharedLookup(AddressLookup lookup, const Clock& clock, const SharedLookupTimes& times = {});

  [[nodiscard]] Expected<std::vector<IpAddress>> addresses(const std::string& host);

 private:
  using Answer = Expected<std::vector<IpAddress>>;

  AddressLookup lookup_;
  const Clock& clock_;
  SharedLookupTimes times_;
  std::mutex mutex_;
  std::optional<Answer> answer_;
  std::chrono::steady_clock::time_point good_until_{};
};

}  // namespace tecs
