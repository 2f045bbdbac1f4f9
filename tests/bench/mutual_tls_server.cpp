// The server of a TLS handshake in which the client shows a certificate: what it costs to know who is at the
// other end that way. A thread a connection; the connection is used for one handshake after the other, so
// that only handshakes are counted, and none has to pay for a connection. After each it says one octet.
//
// Usage: mutual-tls-server PATH FOLDER TICKETS. The folder has ca.pem, server.pem and server.key; TICKETS
// are given out after each full handshake, 0: there is no resumption. Runs until it is killed.
#include <sys/socket.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

#include "mutual_tls_context.hpp"
#include "tecs/adapters/door_address.hpp"
#include "tecs/adapters/file_descriptor.hpp"

namespace {

using namespace tecs;
using namespace tecs::bench;

void shake_hands(const FileDescriptor& connection, SSL_CTX* context) {
  while (true) {
    const TlsConnection tls(SSL_new(context));
    SSL_set_fd(tls.get(), connection.number());
    if (SSL_accept(tls.get()) != 1 || SSL_write(tls.get(), "y", 1) != 1) return;
  }
}

int serve(const DoorAddress& address, const std::string& folder, std::size_t tickets) {
  const TlsContext context = make_tls_context(TLS_server_method(), folder, "server");
  SSL_CTX_set_num_tickets(context.get(), tickets);
  constexpr unsigned char name = 'b';
  SSL_CTX_set_session_id_context(context.get(), &name, 1);
  const FileDescriptor listening(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto where = address.socket_address();
  if (bind(listening.number(), where.pointer(), where.length) != 0 || listen(listening.number(), 1024) != 0) {
    std::cerr << "mutual-tls-server: cannot listen at " << address.format() << "\n";
    return 1;
  }
  while (true) {
    FileDescriptor connection(accept4(listening.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection) return 1;
    std::thread([connection = std::move(connection), &context] {
      shake_hands(connection, context.get());
    }).detach();
  }
}

}  // namespace

int main(int argument_count, char** argument_list) {
  if (argument_count != 4) return 64;
  std::signal(SIGPIPE, SIG_IGN);  // of a client that is gone, writing tells
  try {
    return serve(DoorAddress::parse("unix:" + std::string(argument_list[1])).value(), argument_list[2],
                 std::stoul(argument_list[3]));
  } catch (const std::exception& error) {
    std::cerr << "mutual-tls-server: " << error.what() << "\n";
    return 1;
  }
}
