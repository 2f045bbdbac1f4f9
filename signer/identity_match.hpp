// What an entry of the identities file is for: the MATCH of "MATCH DOMAIN SELECTOR KEYFILE".
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "signer/listen_address.hpp"
#include "tecs/error.hpp"
#include "tecs/network.hpp"

namespace tecs {

// Plain value.
struct IdentityMatch {
  // The address that the MTA connected to, as the option "listen" has it.
  struct Listener {
    ListenAddress address;
    friend bool operator==(const Listener&, const Listener&) = default;
  };
  // Where the MTA connected from.
  struct Source {
    Network network;
    friend bool operator==(const Source&, const Source&) = default;
  };
  // What the MTA says after EHLO or HELO.
  struct Helo {
    std::string name;    // lower case, no final dot
    bool below = false;  // every name below it, and not itself
    friend bool operator==(const Helo&, const Helo&) = default;
  };
  // The domain of the reverse-path.
  struct Sender {
    std::string name;    // as above; empty: the null reverse-path
    bool below = false;  // as above
    friend bool operator==(const Sender&, const Sender&) = default;
  };
  struct Default {
    friend bool operator==(const Default&, const Default&) = default;
  };

  std::variant<Listener, Source, Helo, Sender, Default> party;

  // "listener:127.0.0.1:10025", "source:192.0.2.0/24", "source:2001:db8::1", "helo:NAME", "helo:*.NAME",
  // "sender:NAME", "sender:*.NAME", "sender:<>" or "default". A NAME is A-labels, one or more, in any case,
  // with or without a final dot. Fails with bad_option.
  [[nodiscard]] static Expected<IdentityMatch> parse(std::string_view text);
  [[nodiscard]] std::string format() const;  // what parse() takes; equal matches have equal texts

  friend bool operator==(const IdentityMatch&, const IdentityMatch&) = default;
};

}  // namespace tecs
