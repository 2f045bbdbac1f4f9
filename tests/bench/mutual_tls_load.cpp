// The client of mutual-tls-server, as a load (measured_load.hpp).
//
// Usage: mutual-tls-load PATH FOLDER CONNECTIONS HANDSHAKES. The folder has ca.pem, client.pem and
// client.key; HANDSHAKES are of all connections together. Takes up the session before when the server gave
// out a ticket.
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include "measured_load.hpp"
#include "mutual_tls_context.hpp"
#include "tecs/adapters/door_address.hpp"
#include "tecs/adapters/file_descriptor.hpp"

namespace {

using namespace tecs;
using namespace tecs::bench;

class Client {
 public:
  Client(const DoorAddress& door, const std::string& folder)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        context_(make_tls_context(TLS_client_method(), folder, "client")) {
    const auto name = door.socket_address();
    if (connect(socket_.number(), name.pointer(), name.length) != 0) {
      throw std::runtime_error("nobody answers at " + door.format());
    }
    SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_app_data(context_.get(), &session_);
    SSL_CTX_sess_set_new_cb(context_.get(), [](SSL* tls, SSL_SESSION* session) {
      static_cast<TlsSession*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(tls)))->reset(session);
      return 1;
    });
  }
  Client(Client&&) = delete;

  [[nodiscard]] std::chrono::nanoseconds shake_hands() {
    const TlsConnection tls(SSL_new(context_.get()));
    SSL_set_fd(tls.get(), socket_.number());
    const bool resuming = session_ != nullptr;
    if (resuming) SSL_set_session(tls.get(), session_.get());
    char octet = 0;
    const auto begin = std::chrono::steady_clock::now();
    if (SSL_connect(tls.get()) != 1 || SSL_read(tls.get(), &octet, 1) != 1) throw_tls_error("a handshake");
    const auto end = std::chrono::steady_clock::now();
    if ((SSL_session_reused(tls.get()) == 1) != resuming) throw std::runtime_error("not the handshake meant");
    return end - begin;
  }

 private:
  FileDescriptor socket_;
  TlsContext context_;
  TlsSession session_;
};

RequestTimes shake_hands(Client& client, std::size_t count) {
  RequestTimes times;
  for (std::size_t i = 0; i < count; ++i) times.push_back(client.shake_hands());
  return times;
}

}  // namespace

int main(int argument_count, char** argument_list) {
  if (argument_count != 5) return 64;
  try {
    const auto door = DoorAddress::parse("unix:" + std::string(argument_list[1])).value();
    const std::size_t connections = std::stoul(argument_list[3]);
    const std::size_t handshakes = std::stoul(argument_list[4]);
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < connections; ++i) {
      clients.push_back(std::make_unique<Client>(door, argument_list[2]));
      [[maybe_unused]] const auto first = clients.back()->shake_hands();  // after it there may be a ticket
    }
    run_measured_load(connections, [&](std::size_t number) {
      return shake_hands(*clients[number], std::max<std::size_t>(handshakes / connections, 1));
    });
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "mutual-tls-load: " << error.what() << "\n";
    return 1;
  }
}
