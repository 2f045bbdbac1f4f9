// What libmilter's callbacks work with while the milter door serves.
#pragma once

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "milter/milter_connections.hpp"
#include "milter/milter_door.hpp"
#include "tecs/adapters/repeat_limit.hpp"

namespace tecs {

struct MilterService {
  explicit MilterService(MilterDoor::Parts given)
      : parts(std::move(given)),
        refused_negotiations(parts.clock, std::chrono::minutes(1)),
        connections(parts.close_session, parts.log) {}

  MilterDoor::Parts parts;
  RepeatLimit refused_negotiations;
  MilterConnections connections;
};

// A callback has one while it works, so that the service stays for so long.
//
// libmilter goes on with a connection whose commands come without a pause, also when its main function has
// returned. For a callback that comes when there is no service any more no answer would be right: one would
// let forged fields through, the other would refuse mail. So its thread waits for the end of the program,
// which closes the connection, and the MTA does what its administrator chose for a milter that is away.
class MilterServiceInUse {
 public:
  MilterServiceInUse();  // does not return when there is no service

  [[nodiscard]] MilterService& operator*() const noexcept { return *service_; }
  [[nodiscard]] MilterService* operator->() const noexcept { return service_; }

 private:
  std::shared_lock<std::shared_mutex> lock_;
  MilterService* service_;
};

// There is none yet. It must live until end_milter_service() returns true.
void begin_milter_service(MilterService& service);

// Callbacks that come from now on do not return. True: none is at work any more. False: one still is after so
// long, waits for a disk that hangs for instance, and uses the service on.
[[nodiscard]] bool end_milter_service(std::chrono::milliseconds patience);

}  // namespace tecs
