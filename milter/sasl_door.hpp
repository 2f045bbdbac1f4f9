// Where the MTA's SASL client connects: accepts, and drives one AuthProtocol a connection with blocking reads
// and writes in a thread of its own. An smtpd process keeps one connection and has one request under way on
// it, so the MTA's process limit bounds the threads.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>

#include "milter/auth_connection.hpp"
#include "milter/listening_socket.hpp"
#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/clock.hpp"

namespace tecs {

struct SaslDoorOptions {
  // Those beyond wait in the kernel's queue until one goes: an smtpd that is not answered at all dies (DESIGN
  // section 3).
  std::size_t maximum_connections = 1000;
  std::chrono::seconds write_timeout{10};
  std::chrono::milliseconds line_time{30'000};  // for the handshake, and for a line once it has begun
  std::chrono::milliseconds end_time{1000};     // at a stop, for what is under way
};

class SaslDoor {
 public:
  // The calls come from the connections' threads, many at a time, and authenticate may wait for DNS. Listens
  // at once. Throws std::system_error when the kernel gives no thread or descriptor. clock must outlive this.
  SaslDoor(ListeningSocket socket, AuthCalls calls, const Clock& clock, std::shared_ptr<spdlog::logger> log,
           const SaslDoorOptions& options = {});
  SaslDoor(const SaslDoor&) = delete;
  SaslDoor& operator=(const SaslDoor&) = delete;
  ~SaslDoor();  // stops, and waits for every thread

  // Accepts nothing more, and closes every connection on which nothing is under way. A handshake or a request
  // that is gets end_time to come to its end: an smtpd whose handshake is broken off dies, and its client is
  // refused. Then all are closed, so that the MTA says 454 to who still waits for an answer.
  // True: no thread is left. False: so long after that some still wait in authenticate.
  [[nodiscard]] bool stop(std::chrono::milliseconds patience);

 private:
  struct State;
  class Connection;

  static void accept_connections(const std::shared_ptr<State>& state);
  static void serve(const std::shared_ptr<State>& state, FileDescriptor connection);
  void begin_stop();  // once

  std::shared_ptr<State> state_;
  std::thread acceptor_;
};

}  // namespace tecs
