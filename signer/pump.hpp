// Moves octets both ways between two connections, unread, until both sides have ended.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "signer/connection.hpp"
#include "signer/transaction_watch.hpp"

namespace tecs {

// Holds no buffer while nothing is stuck: all pumps of a thread share one scratch space, and only what the
// receiver does not take at once is kept, and not read on until it has (so one slow side slows the other).
// One side's end is passed on, and the other may go on alone. Used by one thread; the connections and the
// scratch space must outlive this.
class Pump {
 public:
  // How it came out. Both connections are closed after over, and open after the others: all that the server
  // said has reached the MTA, and nothing waits on either.
  enum class Ending {
    over,
    hand_over,  // a fresh connection is needed for what take_held() gives
    refused,    // the MTA must be told what the watch says, and left
    abandoned,  // the server ended while the MTA was held: there is nothing to tell the MTA
    left,       // because leave() was called
  };

  Pump(Connection& mta, Connection& upstream, std::span<char> scratch) noexcept
      : mta_(mta), upstream_(upstream), scratch_(scratch) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  // Before start(), where the next transaction may be another party's: what the MTA says goes through the
  // watch. A pump without one does not look at what it moves.
  void watch(TransactionWatch watch);

  // Called once. to_mta and to_upstream go first. owner is what this is part of; it is kept alive while
  // something waits. done is called once, when nothing waits any more: in a later turn of the loop, or before
  // this returns.
  void start(std::string to_mta, std::string to_upstream, std::weak_ptr<void> owner,
             std::function<void()> done);

  // Ends at once: closes both connections, done follows.
  void stop() noexcept;
  // Ends, if no mail is under way as far as a watch can tell; done follows then, or came already.
  void leave();

  // The MTA ended, and the server, on TLS, has not been told so yet: to be called when nothing has moved for
  // a while.
  void pass_on_end() noexcept;

  // True if anything moved since the last call.
  [[nodiscard]] bool moved() noexcept;
  // One side has ended.
  [[nodiscard]] bool half_closed() const noexcept;

  // Once done was called.
  [[nodiscard]] Ending ending() const noexcept { return ending_; }
  // With a watch: what the MTA has said and no server has heard. Once.
  [[nodiscard]] std::string take_held() noexcept { return std::move(watched_->kept); }
  // Empty without one.
  [[nodiscard]] const TransactionWatch* watch() const noexcept {
    return watched_ ? &watched_->watch : nullptr;
  }

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
  // Of the way to the upstream.
  struct Watched {
    TransactionWatch watch;
    std::string kept{};    // what the watch does not let pass yet
    bool offered = false;  // the watch has seen it in its present state
    bool parked = false;   // nothing is read from the MTA until the server has replied
  };
  // Whether the last that the MTA said was QUIT, in whatever pieces it came.
  class LastWord {
   public:
    void add(std::string_view octets) noexcept;
    [[nodiscard]] bool is_quit() const noexcept;

   private:
    std::array<char, 6> last_{};
  };
  enum class Progress { again, waiting, ended };

  void begin(Way& way);
  void move(Way& way);
  void turn(Way& way);
  [[nodiscard]] Progress step(Way& way);
  [[nodiscard]] Progress step_watched();
  [[nodiscard]] Progress park() noexcept;
  [[nodiscard]] Progress pass_on(Way& way, std::string_view octets);
  [[nodiscard]] Progress wait_for_more(Way& way, std::size_t octets);
  [[nodiscard]] Progress flush(Way& way);
  [[nodiscard]] Progress after(Way& way, Connection& connection, Transfer::State state);
  void on_end(Way& way) noexcept;
  void follow_watch();
  void end(Ending ending) noexcept;
  void await(Connection& connection, Connection::Wait wait, Way& way);
  void await_turn(Way& way);
  void resume(Way& way);
  void settle();
  [[nodiscard]] bool ending_soon() const noexcept { return broken_ || ending_ != Ending::over; }

  Connection& mta_;
  Connection& upstream_;
  std::span<char> scratch_;
  std::array<Way, 2> ways_{Way{&upstream_, &mta_}, Way{&mta_, &upstream_}};
  std::unique_ptr<Watched> watched_;
  std::weak_ptr<void> owner_;
  std::function<void()> done_;
  unsigned waiting_ = 0;  // how many completions are still to come
  Ending ending_ = Ending::over;
  LastWord last_word_;
  bool end_held_ = false;  // the MTA ended, and the server does not know
  bool broken_ = false;
  bool moved_ = false;
};

}  // namespace tecs
