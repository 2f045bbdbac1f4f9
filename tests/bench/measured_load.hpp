// How a load and whoever measures the server keep step: the load says "ready" when everything is set up. For
// each line of its standard input it asks its requests and prints one line of JSON (requests, wall_us,
// p50_us, p99_us). It holds everything open until standard input ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

namespace tecs::bench {

using RequestTimes = std::vector<std::chrono::nanoseconds>;

// ask: makes the requests of the connection of this number, one after the other, and returns what each took.
// It is called for all connections at once, each in a thread of its own. What it throws ends this as well.
void run_measured_load(std::size_t connections, const std::function<RequestTimes(std::size_t number)>& ask);

}  // namespace tecs::bench
