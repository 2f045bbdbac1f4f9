// What the dialogue wants done next. One driver does all of it; the dialogue itself touches no socket.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "signer/identity.hpp"
#include "tecs/challenge.hpp"

namespace tecs {

// Plain value.
struct NextAction {
  enum class Kind {
    connect,         // to the upstream; a connection to it that is open is dropped first
    read_mta,        // some octets
    read_upstream,   // some octets
    write_mta,       // all of to_mta
    write_upstream,  // all of to_upstream
    start_tls,       // the handshake, as client, with the upstream
    sign,            // the connection to the upstream as of now, as this identity
    pump,            // write to_mta and to_upstream, then move octets both ways; the dialogue is over
    close,           // write to_mta, then close both connections; the dialogue is over
  };

  Kind kind;
  std::string to_mta{};
  std::string to_upstream{};
  // For the action as a whole, and for reads that follow each other together. Not used by sign and pump.
  std::chrono::milliseconds time_limit{0};
  // With sign: never empty.
  Identity identity{};
  // With sign: how the server sees our end, when it was asked and could tell; else our own view is signed.
  // The destination is always our own view, and t= counts only within the skew that is configured.
  std::optional<Challenge> challenge{};
};

}  // namespace tecs
