// Both sides of the mechanism with a man in the middle: honest clients and one that is not, each on
// connections to one server. Clients are AuthExchange and Signer, the server AuthProtocol, Mechanism and
// SessionRegistry; what an MTA does between them is played here.
//
// It calls std::abort() when one of these does not hold:
//   - a session that passed for a domain is a connection that the holder of that domain's key signed, in an
//   epoch
//     that the verifier may take now;
//   - no signature passes for two connections;
//   - an exchange that nobody touched passes, where it is certain which connection it is of and the signature
//   was
//     not used before.
#pragma once

#include <spdlog/logger.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fuzz/choices.hpp"
#include "fuzz/man_in_the_middle.hpp"
#include "milter/auth_protocol.hpp"
#include "milter/mechanism.hpp"
#include "tecs/signer.hpp"
#include "unit/hand_clock.hpp"

namespace tecs::test {

// The keys of the domains, as DNS has them.
class PublishedKeys final : public KeySource {
 public:
  void publish(const Domain& domain, const std::string& record);
  [[nodiscard]] KeyLookup lookup(const std::string& name) override;

 private:
  std::map<std::string, std::shared_ptr<const KeyRecord>> records_{};
};

class MechanismWorld {
 public:
  explicit MechanismWorld(Choices& choices);

  // One thing happens: a connection begins or ends, somebody authenticates, time passes.
  void step();

 private:
  struct Connection {
    SessionId session;
    ConnectionTuple seen;  // by the server
    ConnectionTuple own;   // the client's view, different behind NAT
    std::optional<std::uint32_t> process;
    std::size_t holder;  // who the client is
    std::optional<AuthProtocol> server{};
    bool prompted = false;  // the server awaits the answer to a 334
    bool touched = false;   // somebody else has said something on it
  };
  using Signed = std::tuple<std::string, ConnectionTuple, Epoch>;

  void connect();
  void disconnect();
  void authenticate(Connection& connection);
  void attack(Connection& connection);

  // What the server says to one line of SMTP, without line ends.
  [[nodiscard]] std::string answer(Connection& connection, const std::string& line);
  [[nodiscard]] std::string answer_of_the_door(Connection& connection, const std::string& line);
  void begin_door(Connection& connection) const;

  [[nodiscard]] Credential sign(std::size_t holder, const ConnectionTuple& tuple, Epoch epoch);
  void see_that_only_the_signed_passed(bool passed);
  [[nodiscard]] std::chrono::sys_seconds now() const;

  Choices& choices_;
  ManInTheMiddle middle_{choices_};
  HandClock clock_;
  PublishedKeys keys_{};
  Current<ExchangeRules> rules_;
  SessionRegistry registry_;
  Mechanism mechanism_;
  std::vector<Connection> connections_{};
  std::uint32_t last_process_ = 100;
  std::set<Signed> signed_{};
  std::map<Signed, SessionId> passed_{};
  std::uint64_t last_passed_ = 0;  // the number of the Authentication
};

}  // namespace tecs::test
