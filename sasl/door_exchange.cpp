#include "sasl/door_exchange.hpp"

#include <utility>

namespace tecs {
namespace {

using Step = DoorExchange::Step;

// A final action, or a challenge, as a step. Empty for what is to be done with the connection.
std::optional<Step> step_of(AuthDialogue::NextAction& action) {
  if (auto* const challenge = std::get_if<AuthDialogue::Challenge>(&action))
    return Step(std::move(*challenge));
  if (auto* const passed = std::get_if<Passed>(&action)) return Step(std::move(*passed));
  if (auto* const refused = std::get_if<Refused>(&action)) return Step(std::move(*refused));
  if (auto* const unavailable = std::get_if<Unavailable>(&action)) return Step(std::move(*unavailable));
  return std::nullopt;
}

}  // namespace

DoorExchange::DoorExchange(const SocketAddress& door, std::chrono::milliseconds patience, const Clock& clock)
    : door_(door), patience_(patience), clock_(clock) {}

Step DoorExchange::begin(AuthRequest request) {
  dialogue_.emplace(std::move(request));
  return drive();
}

Step DoorExchange::respond(std::string_view response) {
  dialogue_.value().respond(response);
  return drive();
}

Step DoorExchange::drive() {
  const auto begin = clock_.steady();
  Step step = drive_until(begin + patience_);
  patience_ -= clock_.steady() - begin;
  if (!std::holds_alternative<AuthDialogue::Challenge>(step)) connection_.reset();
  return step;
}

Step DoorExchange::drive_until(DoorConnection::Deadline deadline) {
  if (!connection_) {
    auto connected = DoorConnection::connect(door_, clock_, deadline);
    if (!connected) return Unavailable{std::move(connected.error())};
    connection_.emplace(std::move(*connected));
  }
  while (true) {
    auto action = dialogue_.value().next();
    if (auto step = step_of(action)) return std::move(*step);
    if (const auto* const write = std::get_if<AuthDialogue::Write>(&action)) {
      auto written = connection_->write(write->octets, deadline);
      if (!written) return Unavailable{std::move(written.error())};
      continue;
    }
    auto octets = connection_->read(deadline);
    if (!octets) return Unavailable{std::move(octets.error())};
    if (octets->empty()) {
      dialogue_->closed();
    } else {
      dialogue_->received(*octets);
    }
  }
}

}  // namespace tecs
