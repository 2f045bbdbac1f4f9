// Does what the SmtpDialogue wants done: connects, reads, writes, shakes hands, signs.
#pragma once

#include <asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "signer/connection.hpp"
#include "signer/connection_counts.hpp"
#include "signer/connection_signature.hpp"
#include "signer/continuation.hpp"
#include "signer/identity_choice.hpp"
#include "signer/next_action.hpp"
#include "signer/presence.hpp"
#include "signer/relay.hpp"
#include "signer/session_report.hpp"
#include "signer/signer_rules.hpp"
#include "signer/smtp_dialogue.hpp"
#include "signer/timed_transfer.hpp"
#include "signer/upstream.hpp"
#include "smtp/tls_plan.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/endpoint.hpp"
#include "tecs/error.hpp"

namespace tecs {

// As long as there is a connection to a server it has this.
struct ServerPlace {
  ConnectionCounts::Place place;
  Presence presence;
};

// The rules and the connections must outlive this. Used by the thread of the loop.
class DialogueDriver {
 public:
  template <typename Value>
  using Awaitable = TimedTransfer::Awaitable<Value>;
  using TimePoint = TimedTransfer::TimePoint;

  DialogueDriver(Relay& relay, const SignerRules& rules, const IdentityChoice& choice, Connection& mta,
                 Connection& upstream)
      : relay_(relay),
        rules_(rules),
        mta_(mta),
        upstream_(upstream),
        dialogue_(relay.settings.dialogue, choice) {}
  // For a fresh connection to the server, in place of an earlier one. held: see SmtpDialogue.
  DialogueDriver(Relay& relay, const SignerRules& rules, const IdentityChoice& choice, Connection& mta,
                 Connection& upstream, Continuation before, std::string_view held, const Endpoint& server)
      : relay_(relay),
        rules_(rules),
        mta_(mta),
        upstream_(upstream),
        dialogue_(relay.settings.dialogue, choice, std::move(before), held),
        server_(server),
        bound_to_server_(true) {}
  DialogueDriver(const DialogueDriver&) = delete;
  DialogueDriver& operator=(const DialogueDriver&) = delete;
  ~DialogueDriver() { forget_connection(); }

  // Called once; this must live until it is done. Gives pump, or close with what the MTA is to be told at the
  // end.
  [[nodiscard]] Awaitable<NextAction> run();

  // To be called now and then: time limits are kept to the precision of these calls.
  void check_time(TimePoint now) { transfer_.check_time(now); }
  // If it waits for the MTA's next command, run() ends soon, with close: no mail is lost.
  void leave();
  // run() ends soon, with close.
  void stop();

  [[nodiscard]] const DialogueOutcome& outcome() const noexcept { return dialogue_.outcome(); }
  // Where the upstream connection goes, or went, or was to go last.
  [[nodiscard]] const std::optional<Endpoint>& server() const noexcept { return server_; }
  // Once run() is done.
  [[nodiscard]] SessionReport report() const;
  // Once, after pump: the upstream connection's.
  [[nodiscard]] std::optional<ServerPlace> take_place() noexcept { return std::move(place_); }

 private:
  [[nodiscard]] Awaitable<NextAction> carry_out(NextAction action);
  [[nodiscard]] Awaitable<NextAction> connect(std::chrono::milliseconds limit);
  [[nodiscard]] Awaitable<NextAction> read_mta();
  [[nodiscard]] Awaitable<NextAction> read_upstream();
  [[nodiscard]] Awaitable<NextAction> write_mta(std::string octets);
  [[nodiscard]] Awaitable<NextAction> write_upstream(std::string octets);
  [[nodiscard]] Awaitable<NextAction> start_tls();
  [[nodiscard]] Awaitable<NextAction> sign(NextAction action);

  // Why there is no connection, as the MTA is told.
  struct Obstacle {
    std::string reason;
    const char* status;
  };
  [[nodiscard]] Awaitable<std::optional<Obstacle>> try_server(std::chrono::milliseconds limit);
  [[nodiscard]] Awaitable<Expected<TlsPlan>> make_plan(const DestinationPolicy& policy);
  [[nodiscard]] Awaitable<Expected<void>> open(std::chrono::milliseconds limit);
  void register_connection(const std::optional<SourceAddress>& source);
  [[nodiscard]] bool may_have_signed(const ConnectionTuple& tuple) const;
  [[nodiscard]] const DestinationPolicy& policy() const;
  [[nodiscard]] ConnectionTerms terms() const;
  [[nodiscard]] static Expected<ConnectionTuple> no_connection();
  void forget_connection();
  void disconnect();
  void begin_signature();
  void measure();

  [[nodiscard]] NextAction upstream_lost(const Transfer& transfer);
  void limit_time(std::chrono::milliseconds limit) { transfer_.limit(relay_.clock.steady(), limit); }

  Relay& relay_;
  const SignerRules& rules_;
  Connection& mta_;
  Connection& upstream_;
  SmtpDialogue dialogue_;
  TimedTransfer transfer_;
  ConnectionSignature signature_{relay_};
  Presence presence_{relay_.counters.in_set_up};
  std::optional<Endpoint> server_;
  bool bound_to_server_ = false;  // it has greeted, and the next connection goes to no other
  std::optional<ServerPlace> place_;
  Expected<ConnectionTuple> tuple_ = no_connection();  // of the connection to it
  TlsPlan plan_;
  std::optional<TimePoint> authenticating_since_;
  std::optional<std::chrono::microseconds> added_time_;
  bool reads_mta_ = false;
  bool leaving_ = false;
  bool stopped_ = false;
};

}  // namespace tecs
