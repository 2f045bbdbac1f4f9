// Does what the SmtpDialogue wants done: connects, reads, writes, shakes hands, signs.
#pragma once

#include <asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signer/background.hpp"
#include "signer/connection.hpp"
#include "signer/next_action.hpp"
#include "signer/relay.hpp"
#include "signer/smtp_dialogue.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/credential.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/epoch.hpp"
#include "tecs/error.hpp"

namespace tecs {

// The connections must outlive this. Used by the thread of the loop.
class DialogueDriver {
 public:
  template <typename Value>
  using Awaitable = asio::awaitable<Value, Connection::Executor>;
  using TimePoint = std::chrono::steady_clock::time_point;

  DialogueDriver(Relay& relay, Connection& mta, Connection& upstream)
      : relay_(relay),
        mta_(mta),
        upstream_(upstream),
        dialogue_(relay.settings.dialogue, identity_choice()) {}
  DialogueDriver(const DialogueDriver&) = delete;
  DialogueDriver& operator=(const DialogueDriver&) = delete;
  ~DialogueDriver() { forget_connection(); }

  // Called once; this must live until it is done. Gives pump or, when the MTA has been told all that there is
  // to tell, close.
  [[nodiscard]] Awaitable<NextAction> run();

  // To be called now and then: time limits are kept to the precision of these calls.
  void check_time(TimePoint now);
  // run() ends soon, with close.
  void stop();

  [[nodiscard]] const DialogueOutcome& outcome() const noexcept { return dialogue_.outcome(); }
  // Where the upstream connection goes, or went, or was to go last.
  [[nodiscard]] const std::optional<Endpoint>& server() const noexcept { return server_; }

 private:
  // Empty when the time limit has passed.
  using Outcome = std::optional<Transfer>;
  using Lookup = Expected<std::vector<IpAddress>>;
  struct Signature {
    Identity identity;
    Epoch epoch;
    std::shared_ptr<Background<Expected<Credential>>> credential;
  };

  [[nodiscard]] Awaitable<NextAction> carry_out(NextAction action);
  [[nodiscard]] Awaitable<NextAction> connect(std::chrono::milliseconds limit);
  [[nodiscard]] Awaitable<NextAction> read_mta();
  [[nodiscard]] Awaitable<NextAction> read_upstream();
  [[nodiscard]] Awaitable<NextAction> write_mta(std::string octets);
  [[nodiscard]] Awaitable<NextAction> write_upstream(std::string octets);
  [[nodiscard]] Awaitable<NextAction> start_tls();
  [[nodiscard]] Awaitable<NextAction> sign(Identity identity);

  [[nodiscard]] Awaitable<Expected<std::vector<Endpoint>>> find_servers();
  [[nodiscard]] Expected<void> check_for_loop(const Expected<Endpoint>& destination) const;
  [[nodiscard]] Awaitable<Lookup> look_up(std::string host);
  [[nodiscard]] Expected<std::optional<IpAddress>> source_address() const;
  [[nodiscard]] Awaitable<Expected<void>> try_server(std::chrono::milliseconds limit);
  [[nodiscard]] Expected<void> register_connection();
  void forget_connection() noexcept;
  void disconnect() noexcept;
  [[nodiscard]] IdentityChoice identity_choice() const;
  [[nodiscard]] ConnectionTerms terms() const noexcept;
  void begin_signature(const Identity& identity);

  [[nodiscard]] Awaitable<bool> wait(Connection& connection, Connection::Wait what);
  [[nodiscard]] Awaitable<Outcome> read(Connection& connection);
  [[nodiscard]] Awaitable<Outcome> write(Connection& connection, std::string_view octets);
  [[nodiscard]] NextAction upstream_lost(const Transfer& transfer);
  void limit_time(std::chrono::milliseconds limit);

  Relay& relay_;
  Connection& mta_;
  Connection& upstream_;
  SmtpDialogue dialogue_;
  std::optional<Endpoint> server_;
  bool greeted_ = false;                  // by that server: a second connection goes to no other
  std::optional<ConnectionTuple> tuple_;  // of the connection to it
  std::optional<Signature> signature_;
  TimePoint deadline_ = TimePoint::max();
  bool timed_out_ = false;
  bool stopped_ = false;
};

}  // namespace tecs
