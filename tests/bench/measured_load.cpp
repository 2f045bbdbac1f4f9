#include "measured_load.hpp"

#include <algorithm>
#include <barrier>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

namespace tecs::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Times {
  RequestTimes each;
  Clock::time_point first = Clock::time_point::max();
  Clock::time_point last = Clock::time_point::min();
};

Times ask_all(std::size_t connections, const std::function<RequestTimes(std::size_t)>& ask) {
  Times times;
  std::mutex mutex;
  std::exception_ptr failed;
  std::barrier start(static_cast<std::ptrdiff_t>(connections));
  const auto ask_as = [&](std::size_t number) {
    start.arrive_and_wait();
    try {
      const auto begin = Clock::now();
      const RequestTimes own = ask(number);
      const auto end = Clock::now();
      const std::lock_guard lock(mutex);
      times.each.insert(times.each.end(), own.begin(), own.end());
      times.first = std::min(times.first, begin);
      times.last = std::max(times.last, end);
    } catch (...) {
      const std::lock_guard lock(mutex);
      failed = std::current_exception();
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < connections; ++i) threads.emplace_back(ask_as, i);
  threads.clear();
  if (failed) std::rethrow_exception(failed);
  std::sort(times.each.begin(), times.each.end());
  return times;
}

double microseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1e3;
}

}  // namespace

void run_measured_load(std::size_t connections, const std::function<RequestTimes(std::size_t)>& ask) {
  std::cout << "ready" << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) {
    const Times times = ask_all(connections, ask);
    const auto hundredth = [&](std::size_t number) {
      return microseconds(times.each.at((times.each.size() - 1) * number / 100));
    };
    std::cout << R"({"requests": )" << times.each.size() << R"(, "wall_us": )"
              << microseconds(times.last - times.first) << R"(, "p50_us": )" << hundredth(50)
              << R"(, "p99_us": )" << hundredth(99) << "}" << std::endl;
  }
}

}  // namespace tecs::bench
