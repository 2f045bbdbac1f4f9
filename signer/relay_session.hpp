// One connection of the MTA, from accept to close: first a dialogue, then a pump.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "signer/connection.hpp"
#include "signer/dialogue_driver.hpp"
#include "signer/next_action.hpp"
#include "signer/pump.hpp"
#include "signer/relay.hpp"
#include "signer/smtp_dialogue.hpp"
#include "tecs/endpoint.hpp"

namespace tecs {

// Made by std::make_shared; used by the thread of the loop. Writes one line to the log when it ends.
class RelaySession : public std::enable_shared_from_this<RelaySession> {
 public:
  using Finished = std::function<void(const std::shared_ptr<RelaySession>&)>;
  using TimePoint = DialogueDriver::TimePoint;

  RelaySession(Connection::Socket mta, Relay& relay);

  // Called once. finished is called once, in a later turn of the loop.
  void start(Finished finished);
  // To be called now and then: time limits are kept to the precision of these calls.
  void check_time(TimePoint now);
  // Ends soon, whatever is under way.
  void stop();

 private:
  void after_dialogue(const std::exception_ptr& exception, NextAction action);
  void finish();
  void write_log() const;

  Relay& relay_;
  Connection mta_;
  Connection upstream_;
  std::unique_ptr<DialogueDriver> driver_;  // as long as there is a dialogue
  Pump pump_;
  Finished finished_;
  TimePoint began_;
  TimePoint deadline_ = TimePoint::max();  // of the pump
  std::optional<Endpoint> client_;
  std::optional<Endpoint> server_;
  std::string tls_version_ = "none";
  DialogueOutcome outcome_;
};

}  // namespace tecs
