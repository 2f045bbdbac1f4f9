// Moves octets both ways between two connections, unread, until both sides have ended.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "signer/connection.hpp"

namespace tecs {

// Holds no buffer while nothing is stuck: all pumps of a thread share one scratch space, and only what the
// receiver does not take at once is kept, and not read on until it has (so one slow side slows the other).
// One side's end is passed on, and the other may go on alone. Used by one thread; the connections and the
// scratch space must outlive this.
class Pump {
 public:
  Pump(Connection& mta, Connection& upstream, std::span<char> scratch) noexcept
      : mta_(mta), upstream_(upstream), scratch_(scratch) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  // Called once. to_mta and to_upstream go first. owner is what this is part of; it is kept alive while
  // something waits. done is called once, when nothing waits any more: in a later turn of the loop, or before
  // this returns.
  void start(std::string to_mta, std::string to_upstream, std::weak_ptr<void> owner,
             std::function<void()> done);

  // Ends at once: closes both connections, done follows.
  void stop() noexcept;

  // True if anything moved since the last call.
  [[nodiscard]] bool moved() noexcept;
  // One side has ended.
  [[nodiscard]] bool half_closed() const noexcept;

  [[nodiscard]] std::uint64_t octets_to_mta() const noexcept { return ways_[0].octets; }
  [[nodiscard]] std::uint64_t octets_to_upstream() const noexcept { return ways_[1].octets; }

 private:
  struct Way {
    Connection* from;
    Connection* to;
    std::string rest{};     // what the receiver has not taken
    std::size_t taken = 0;  // how much of the rest it has
    std::uint64_t octets = 0;
    bool ended = false;  // the sender's end was passed on
  };
  enum class Progress { again, waiting, ended };

  void begin(Way& way);
  void move(Way& way);
  [[nodiscard]] Progress step(Way& way);
  [[nodiscard]] Progress flush(Way& way);
  [[nodiscard]] Progress after(Way& way, Connection& connection, Transfer::State state);
  void await(Connection& connection, Connection::Wait wait, Way& way);
  void await_turn(Way& way);
  void resume(Way& way);
  void settle();

  Connection& mta_;
  Connection& upstream_;
  std::span<char> scratch_;
  std::array<Way, 2> ways_{Way{&upstream_, &mta_}, Way{&mta_, &upstream_}};
  std::weak_ptr<void> owner_;
  std::function<void()> done_;
  unsigned waiting_ = 0;  // how many completions are still to come
  bool broken_ = false;
  bool moved_ = false;
};

}  // namespace tecs
