// The signature of one connection to a server: begun as soon as it is known whose, so that it is there when
// the server wants it.
#pragma once

#include <asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "signer/background.hpp"
#include "signer/connection.hpp"
#include "signer/identity.hpp"
#include "signer/relay.hpp"
#include "tecs/challenge.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/credential.hpp"
#include "tecs/epoch.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Used by the thread of the loop.
class ConnectionSignature {
 public:
  explicit ConnectionSignature(Relay& relay) noexcept : relay_(relay) {}

  // Of our own view of the connection, as of now. What was begun before is forgotten, unless it is the same.
  void begin(const Identity& identity, const ConnectionTuple& tuple);
  // As of now; waits for what was begun if that is it. challenge: what the server says of our end and its
  // time, which counts when it is no further from ours than skew (PROTOCOL section 6). The destination is
  // always the tuple's.
  [[nodiscard]] asio::awaitable<Expected<Credential>, Connection::Executor> result(
      const Identity& identity, const ConnectionTuple& tuple, const std::optional<Challenge>& challenge,
      std::chrono::seconds skew);
  void forget() noexcept { begun_.reset(); }

 private:
  struct Begun {
    Identity identity;
    ConnectionTuple tuple;
    Epoch epoch;
    std::shared_ptr<Background<Expected<Credential>>> credential;
  };
  void begin(const Identity& identity, const ConnectionTuple& tuple, Epoch epoch);
  [[nodiscard]] std::chrono::sys_seconds now() const;

  Relay& relay_;
  std::optional<Begun> begun_;
};

}  // namespace tecs
