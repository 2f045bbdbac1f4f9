#include "milter/sasl_door.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "milter/auth_connection.hpp"
#include "milter/gentle_end.hpp"
#include "tecs/adapters/repeat_limit.hpp"

namespace tecs {

// Shared with the connections' threads, which may outlive the door for the moment that their end takes.
struct SaslDoor::State {
  State(ListeningSocket listening, AuthCalls mechanism, const Clock& given_clock,
        std::shared_ptr<spdlog::logger> logger, const SaslDoorOptions& limits)
      : socket(std::move(listening)),
        calls(std::move(mechanism)),
        clock(given_clock),
        log(std::move(logger)),
        options(limits),
        full(clock, std::chrono::minutes(1)),
        trouble(clock, std::chrono::minutes(1)),
        wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake) throw std::system_error(errno, std::generic_category(), "eventfd");
  }

  ListeningSocket socket;
  AuthCalls calls;
  const Clock& clock;
  std::shared_ptr<spdlog::logger> log;
  SaslDoorOptions options;
  RepeatLimit full;
  RepeatLimit trouble;
  FileDescriptor wake;  // readable from begin_stop() on
  std::atomic<std::uint32_t> last_connection{0};

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::unordered_set<Connection*> open;
};

// Is in the set of open connections as long as its descriptor is open.
class SaslDoor::Connection {
 public:
  Connection(std::shared_ptr<State> state, FileDescriptor descriptor)
      : state_(std::move(state)), descriptor_(std::move(descriptor)) {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping) begin_end();
    state_->open.insert(this);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    const std::lock_guard lock(state_->mutex);
    state_->open.erase(this);
    descriptor_.reset();
    state_->changed.notify_all();
  }

  void run() noexcept;
  // These two do not wait; the lock is held.
  void begin_end() noexcept { end_.begin(descriptor_.number()); }
  void break_off() noexcept { shutdown(descriptor_.number(), SHUT_RDWR); }

 private:
  std::shared_ptr<State> state_;
  FileDescriptor descriptor_;
  GentleEnd end_;
};

namespace {

AuthGreeting make_greeting(std::uint32_t connection) {
  std::array<unsigned char, 16> random{};
  // Says no more than which connection this is; without randomness the number does.
  [[maybe_unused]] const ssize_t filled = getrandom(random.data(), random.size(), GRND_NONBLOCK);
  std::string cookie;
  for (const unsigned char octet : random) {
    constexpr std::string_view digits = "0123456789abcdef";
    cookie += digits[octet >> 4U];
    cookie += digits[octet & 15U];
  }
  return AuthGreeting{static_cast<std::uint32_t>(getpid()), connection, cookie};
}

void prepare(int descriptor, bool inet, std::chrono::seconds write_timeout) {
  const timeval timeout{write_timeout.count(), 0};
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  if (!inet) return;
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  // Postfix notices that a connection is gone when it writes its next request. Over TCP that write succeeds
  // unless the connection was reset, and the request is lost: a temperror would become two.
  const linger reset{1, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

// False: it is time to stop. True: somebody may be there, or a pause is over.
bool wait_for_connection(int listening, int wake, bool paused) {
  std::array<pollfd, 2> polled{pollfd{wake, POLLIN, 0}, pollfd{listening, POLLIN, 0}};
  constexpr int pause_milliseconds = 100;
  poll(polled.data(), paused ? 1 : 2, paused ? pause_milliseconds : -1);
  return polled[0].revents == 0;
}

}  // namespace

// A bug in one request ends its connection and no other.
void SaslDoor::Connection::run() noexcept {
  try {
    const AuthProtocol protocol(make_greeting(++state_->last_connection));
    const auto ended = drive_auth_connection(descriptor_.number(), protocol, state_->calls, end_,
                                             state_->clock, state_->options.line_time);
    if (!ended && state_->trouble.due())
      state_->log->warn("a SASL connection was closed: {}", ended.error().sentence);
  } catch (const std::exception& error) {
    state_->log->error("a SASL connection was closed: {}", error.what());
  }
}

SaslDoor::SaslDoor(ListeningSocket socket, AuthCalls calls, const Clock& clock,
                   std::shared_ptr<spdlog::logger> log, const SaslDoorOptions& options)
    : state_(std::make_shared<State>(std::move(socket), std::move(calls), clock, std::move(log), options)),
      acceptor_([state = state_] { accept_connections(state); }) {}

SaslDoor::~SaslDoor() {
  if (acceptor_.joinable()) begin_stop();
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] { return state_->open.empty(); });
}

// What nobody has accepted yet waits for the next program, if somebody else holds the socket.
void SaslDoor::begin_stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    for (Connection* const connection : state_->open) connection->begin_end();
  }
  state_->changed.notify_all();
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(state_->wake.number(), &one, sizeof(one));
  if (acceptor_.joinable()) acceptor_.join();
  state_->socket.close();
  std::unique_lock lock(state_->mutex);
  state_->changed.wait_for(lock, state_->options.end_time, [this] { return state_->open.empty(); });
  for (Connection* const connection : state_->open) connection->break_off();
}

bool SaslDoor::stop(std::chrono::milliseconds patience) {
  if (acceptor_.joinable()) begin_stop();
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, patience, [this] { return state_->open.empty(); });
}

void SaslDoor::accept_connections(const std::shared_ptr<State>& state) {
  bool paused = false;
  while (wait_for_connection(state->socket.number(), state->wake.number(), paused)) {
    {
      std::unique_lock lock(state->mutex);
      const bool room = state->open.size() < state->options.maximum_connections;
      if (!room && state->full.due()) {
        state->log->warn("{} SASL connections are open; further ones must wait", state->open.size());
      }
      state->changed.wait(lock, [&state] {
        return state->stopping || state->open.size() < state->options.maximum_connections;
      });
      if (state->stopping) return;
    }
    FileDescriptor connection(accept4(state->socket.number(), nullptr, nullptr, SOCK_CLOEXEC));
    // Out of descriptors the queue stays readable: without a pause this would be a loop that eats a
    // processor.
    paused = !connection && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED;
    if (paused && state->trouble.due()) {
      state->log->error("a SASL connection cannot be accepted: {}", std::generic_category().message(errno));
    }
    if (connection) serve(state, std::move(connection));
  }
}

// The thread ends this object when it ends, or nobody does when there is no thread.
void SaslDoor::serve(const std::shared_ptr<State>& state, FileDescriptor connection) {
  prepare(connection.number(), state->socket.address().inet_socket() != nullptr,
          state->options.write_timeout);
  try {
    auto served = std::make_unique<Connection>(state, std::move(connection));
    std::thread([served = std::move(served)] { served->run(); }).detach();
  } catch (const std::exception& error) {  // std::bad_alloc too: the others' connections go on
    if (state->trouble.due()) state->log->error("no thread for a SASL connection: {}", error.what());
  }
}

}  // namespace tecs
