// What libmilter's callbacks work with while the milter door serves.
#pragma once

#include <chrono>
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

}  // namespace tecs
