#include "signer/original_destination.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

// SO_ORIGINAL_DST and IP6T_SO_ORIGINAL_DST. The kernel's headers that have them contradict <netinet/in.h>.
constexpr int so_original_dst = 80;

}  // namespace

Expected<Endpoint> original_destination(int socket) {
  auto here = local_endpoint(socket);
  if (!here) return here;
  // An IPv4 client on an IPv6 socket: the connection that was redirected is IPv4, and only asked for so is it
  // found.
  const bool ipv4 = here->address().family() == AddressFamily::ipv4;
  SocketAddress address;
  const int asked = ipv4 ? ::getsockopt(socket, SOL_IP, so_original_dst, &address.storage, &address.length)
                         : ::getsockopt(socket, SOL_IPV6, so_original_dst, &address.storage, &address.length);
  if (asked != 0) {
    return failure(Reason::io_error,
                   "this connection was not redirected by the firewall (" + system_sentence(errno) + ")");
  }
  auto destination = address.endpoint();
  if (!destination) return destination;
  if (*destination == *here) {
    return failure(Reason::io_error,
                   "this connection was made to the signer itself: its firewall rule is missing");
  }
  return destination;
}

}  // namespace tecs
