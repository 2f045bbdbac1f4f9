// Reads along, after the set-up, where the identity depends on MAIL: no transaction of another party may go
// over this connection, for a signature never serves two identities (DESIGN section 4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "signer/continuation.hpp"
#include "signer/identity_choice.hpp"
#include "signer/later_hello.hpp"
#include "signer/message_end.hpp"
#include "signer/reply_counter.hpp"

namespace tecs {

// For one connection to a server. Sees all that is said on it before the other side does. Holds nothing of
// what the MTA says: what may not be passed on yet is kept by the caller, and bounded, for there is no more
// to be read from the MTA while the watch holds. Not thread safe.
class TransactionWatch {
 public:
  // The longest lines that may be incomplete, CRLF included.
  static constexpr std::size_t maximum_line = 2048;
  static constexpr std::size_t maximum_response = 12'288;  // in an AUTH exchange (RFC 4954 section 4)

  enum class State {
    going,      // what was not passed on is an incomplete line: more is needed from the MTA
    held,       // what was not passed on waits for the server's replies
    hand_over,  // all replies are through; what was not passed on begins with MAIL of another party
    failed,     // nothing more may be passed on; the MTA is told why, and both connections end
  };
  // Both are parts of a reply.
  struct Failure {
    std::string_view status{};  // "500 5.5.2"
    std::string_view reason{};
  };

  // connection: as the set-up left it; its identity is that of the party that it was made for, perhaps none.
  // is_signed: the server took its signature.
  TransactionWatch(const IdentityChoice& choice, Continuation connection, bool is_signed)
      : choice_(choice), hello_(choice, std::move(connection), is_signed), signed_(is_signed) {}

  // octets: what was not passed on the last time, and all that came since. Gives how many of them are to be
  // passed on now.
  [[nodiscard]] std::size_t mta_sent(std::string_view octets);
  // Gives what is to be passed on in its place, before anything that follows from the new state; it lives as
  // long as the octets, and until the next call. When going comes after held, what waits is to be offered
  // again.
  [[nodiscard]] std::string_view upstream_sent(std::string_view octets);

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] const Failure& failure() const noexcept { return failure_; }
  // Nothing is under way: no mail is lost or doubled when the connections end now.
  [[nodiscard]] bool between_transactions() const noexcept;
  // What a fresh connection must know in place of this one.
  [[nodiscard]] const Continuation& connection() const noexcept { return hello_.connection(); }

 private:
  // What comes from the MTA next.
  enum class Next {
    command,
    message,         // after the reply to DATA, up to the dot
    chunk,           // what follows BDAT (RFC 3030)
    response,        // of an AUTH exchange
    data_reply,      // nothing: the server must say first what the next octets are
    response_reply,  // likewise, within an AUTH exchange
    hello_reply      // likewise: it must say first whether the session is that of another name now
  };
  enum class Waiting { no, for_hand_over, for_failure };

  [[nodiscard]] std::size_t pass_message(std::string_view octets);
  [[nodiscard]] std::size_t pass_line(std::string_view octets);
  [[nodiscard]] bool pass_command(std::string_view line);
  [[nodiscard]] bool pass_mail(std::string_view line);
  [[nodiscard]] bool pass_chunk_size(std::string_view line);
  void pass_hello(std::string_view verb, std::string_view line);
  void read_reply(std::string_view octets);
  [[nodiscard]] std::size_t read_hello_reply(std::string_view octets);
  void on_reply(int code) noexcept;
  void on_last_reply(int code) noexcept;
  [[nodiscard]] bool counted() const noexcept { return counted_ && replies_.certain(); }
  [[nodiscard]] bool awaits_reply() const noexcept;
  void fail(std::string_view status, std::string_view reason);
  void settle() noexcept;

  IdentityChoice choice_;
  LaterHello hello_;
  std::string to_mta_{};
  State state_ = State::going;
  Next next_ = Next::command;
  Waiting waiting_ = Waiting::no;
  Failure failure_{};
  MessageEnd message_end_{};
  ReplyCounter replies_{};
  std::uint64_t chunk_ = 0;      // octets of it that are still to come
  std::size_t outstanding_ = 0;  // replies
  bool signed_;
  bool logged_in_ = false;    // the MTA itself
  bool counted_ = true;       // false after a reply that nothing was said for
  bool transaction_ = false;  // since MAIL
  bool answered_ = false;     // the message, before it had ended
  bool ending_ = false;       // the last command or message ends the transaction, when its reply comes
};

}  // namespace tecs
