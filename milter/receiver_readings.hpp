// What a receiver has to say when somebody asks for its metrics.
#pragma once

#include <vector>

#include "milter/metrics.hpp"
#include "milter/receiver.hpp"

namespace tecs {

// receiver must outlive what is returned.
[[nodiscard]] std::vector<Reading> receiver_readings(const Receiver& receiver);

}  // namespace tecs
