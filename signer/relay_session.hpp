// One connection of the MTA, from accept to close: a dialogue, then a pump; and where transactions of several
// parties come over it, the same again for each fresh connection to the server.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "signer/connection.hpp"
#include "signer/continuation.hpp"
#include "signer/dialogue_driver.hpp"
#include "signer/farewell.hpp"
#include "signer/identity_choice.hpp"
#include "signer/listen_address.hpp"
#include "signer/next_action.hpp"
#include "signer/presence.hpp"
#include "signer/pump.hpp"
#include "signer/relay.hpp"
#include "signer/signer_rules.hpp"
#include "signer/smtp_dialogue.hpp"
#include "tecs/endpoint.hpp"

namespace tecs {

// Made by std::make_shared; used by the thread of the loop. Writes one line to the log, and gives one report,
// for each connection to a server.
class RelaySession : public std::enable_shared_from_this<RelaySession> {
 public:
  using Finished = std::function<void(const std::shared_ptr<RelaySession>&)>;
  using TimePoint = DialogueDriver::TimePoint;

  // listener: where the connection was accepted.
  RelaySession(Connection::Socket mta, const ListenAddress& listener,
               std::shared_ptr<const SignerRules> rules, Relay& relay);

  // Called once. finished is called once, in a later turn of the loop.
  void start(Finished finished);
  // To be called now and then: time limits are kept to the precision of these calls.
  void check_time(TimePoint now);
  // Ends if that costs no mail as far as can be told.
  void leave();
  // Ends soon, whatever is under way.
  void stop();

 private:
  // Of the connection to a server, or the try to get one.
  struct Leg {
    std::optional<Endpoint> server{};
    std::string tls{};  // words for the log
    DialogueOutcome outcome{};
    TimePoint began{};
  };

  void run_dialogue();
  void after_dialogue(const std::exception_ptr& exception, NextAction action);
  void begin_pump(NextAction action);
  void after_pump();
  void continue_afresh();
  void say_farewell(std::string reply);
  void finish();
  void write_log() const;

  Relay& relay_;
  std::shared_ptr<const SignerRules> rules_;
  Connection mta_;
  Connection upstream_;
  std::optional<Endpoint> client_;
  IdentityChoice choice_;
  Presence presence_{relay_.counters.sessions};
  // One of these at a time.
  std::unique_ptr<DialogueDriver> driver_;
  std::unique_ptr<Pump> pump_;
  std::unique_ptr<Farewell> farewell_;
  std::optional<Presence> pumping_;
  std::optional<ServerPlace> place_;
  Finished finished_;
  Leg leg_;
  TimePoint moved_at_{};                   // as far as check_time() has seen
  TimePoint deadline_ = TimePoint::max();  // of the pump and of the farewell
};

}  // namespace tecs
