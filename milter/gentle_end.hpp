// Ends a connection from outside at a moment when nothing is under way on it.
#pragma once

#include <atomic>

namespace tecs {

// Thread safe. For a connection on which one side asks and the other answers, and which one thread drives.
//
// At rest no more is read than what has come already, but what is written still goes out: so a request that
// just came gets its answer, and then the driver reads the end of the stream. Only if that answer asks for
// more does the exchange end there, as if it had begun a moment later.
class GentleEnd {
 public:
  // By whoever wants the end, while the descriptor is open. Does not wait. Calling it again does nothing
  // more.
  void begin(int descriptor) noexcept;

  // By the thread that drives the connection, before and after each read. amid: the other side has begun
  // something and owes the rest, so that the end has to wait for it.
  void before_read(int descriptor, bool amid) noexcept;
  void after_read() noexcept { amid_ = true; }

 private:
  // A driver that comes to rest looks at begun_ after it has set amid_, and begin() looks the other way
  // round: one of them sees the other.
  std::atomic<bool> begun_{false};
  std::atomic<bool> amid_{true};
};

}  // namespace tecs
