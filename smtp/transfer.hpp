// How one try at moving octets over a connection that never blocks came out.
#pragma once

#include <cstddef>

namespace tecs {

struct Transfer {
  enum class State {
    done,        // octets were moved, or the handshake is complete
    want_read,   // nothing can be moved before the socket is readable
    want_write,  // nothing can be moved before the socket is writable; TLS may want this in order to read
    closed,      // the peer sends no more
    failed,      // the connection is of no more use
  };

  State state;
  std::size_t octets = 0;  // with done only
};

}  // namespace tecs
