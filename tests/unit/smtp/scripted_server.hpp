// The other side of the signer's connections, with blocking sockets and threads: so simple that it can be
// trusted.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tecs/endpoint.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace tecs::test {

// One end of a TCP connection. What takes longer than ten seconds fails as if the peer had closed.
class Peer {
 public:
  explicit Peer(int socket);
  // Throws std::runtime_error when nobody listens there.
  [[nodiscard]] static std::unique_ptr<Peer> connect(const Endpoint& server);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // False when the connection is broken.
  bool send(std::string_view octets);
  // Without CRLF; "<closed>" when the peer has closed or broken the connection.
  [[nodiscard]] std::string line();
  // All lines of a reply, with "\n" between.
  [[nodiscard]] std::string reply();
  // Sends a line and reads the reply.
  [[nodiscard]] std::string ask(const std::string& command);
  // That many octets, or fewer at the end.
  [[nodiscard]] std::string octets(std::size_t count);
  // True when the peer closes before it sends anything.
  [[nodiscard]] bool closed() { return line() == "<closed>"; }

  // As server. context: with a certificate; null: one that nobody knows. False when the handshake fails.
  [[nodiscard]] bool start_tls(ssl_ctx_st* context = nullptr);
  // What the client's SNI named.
  [[nodiscard]] std::string server_name() const;

  // Keeps back what is sent until the next call, and then sends it in one piece.
  void gather(bool on) const;
  void finish_sending();
  // Without the close_notify of TLS.
  void break_off();
  void close();
  [[nodiscard]] Endpoint here() const;
  [[nodiscard]] Endpoint there() const;
  [[nodiscard]] int socket() const { return socket_; }

 private:
  struct FreeTls {
    void operator()(ssl_st* stream) const;
  };
  [[nodiscard]] bool fill();

  int socket_;
  std::unique_ptr<ssl_st, FreeTls> tls_;
  std::string received_;
};

// Listens on a port of loopback and plays one script after the other, the last again and again. Each
// connection has a thread; the destructor waits for all of them.
class ScriptedServer {
 public:
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(std::vector<Script> scripts, const std::string& address = "127.0.0.1");
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] std::size_t connections() const;

 private:
  void serve();

  std::vector<Script> scripts_;
  int listener_;
  Endpoint endpoint_;
  mutable std::mutex mutex_;
  std::vector<std::jthread> sessions_;
  std::jthread acceptor_;
};

// An end point of loopback where nobody listens.
[[nodiscard]] Endpoint unused_endpoint();

// Waits until it holds, or ten seconds; says whether it does.
[[nodiscard]] bool eventually(const std::function<bool()>& holds);

}  // namespace tecs::test
