// One connection to tecs-milter's SASL door. No wait is longer than asked for, no signal is raised, and the
// descriptor is not passed on to programs that the MTA starts.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/adapters/socket_address.hpp"
#include "tecs/clock.hpp"
#include "tecs/error.hpp"

namespace tecs {

// For one thread. Everything fails with io_error, and nothing can be done afterwards but destroy it.
class DoorConnection {
 public:
  using Deadline = std::chrono::steady_clock::time_point;  // of clock.steady(), which is system time

  // The clock must outlive the connection.
  [[nodiscard]] static Expected<DoorConnection> connect(const SocketAddress& address, const Clock& clock,
                                                        Deadline deadline);

  [[nodiscard]] Expected<void> write(std::string_view octets, Deadline deadline);
  // At least one octet; none: the door has closed, or reset, the connection.
  [[nodiscard]] Expected<std::string> read(Deadline deadline);

 private:
  DoorConnection(FileDescriptor socket, const Clock& clock) noexcept
      : socket_(std::move(socket)), clock_(&clock) {}

  FileDescriptor socket_;
  const Clock* clock_;
};

}  // namespace tecs
