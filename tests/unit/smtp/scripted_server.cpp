#include "unit/smtp/scripted_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>

#include "tecs/adapters/socket_address.hpp"

namespace tecs::test {
namespace {

constexpr timeval patience{.tv_sec = 10, .tv_usec = 0};

int open_socket(const IpAddress& address) {
  const int family = address.family() == AddressFamily::ipv4 ? AF_INET : AF_INET6;
  const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) throw std::runtime_error("no socket");
  return socket;
}

int listen_on(const std::string& address) {
  const IpAddress where = *IpAddress::parse(address);
  const int socket = open_socket(where);
  const SocketAddress any_port = SocketAddress::of(where, 0);
  if (::bind(socket, any_port.pointer(), any_port.length) != 0 || ::listen(socket, 128) != 0) {
    throw std::runtime_error("cannot listen on " + address);
  }
  return socket;
}

// Made once; a key of P-256 takes no time.
SSL_CTX* tls_context() {
  static const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context = [] {
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> made(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    const std::array<unsigned char, 3> name{'t', 's', 't'};
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", V_ASN1_UTF8STRING, name.data(),
                               static_cast<int>(name.size()), -1, 0);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    SSL_CTX_use_certificate(made.get(), certificate.get());
    SSL_CTX_use_PrivateKey(made.get(), key.get());
    return made;
  }();
  return context.get();
}

}  // namespace

void Peer::FreeTls::operator()(ssl_st* stream) const {
  SSL_free(stream);
}

Peer::Peer(int socket) : socket_(socket) {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

std::unique_ptr<Peer> Peer::connect(const Endpoint& server) {
  auto peer = std::make_unique<Peer>(open_socket(server.address()));
  const SocketAddress address = SocketAddress::of(server);
  if (::connect(peer->socket_, address.pointer(), address.length) != 0) {
    throw std::runtime_error("cannot connect to " + server.format());
  }
  return peer;
}

Peer::~Peer() {
  close();
}

void Peer::close() {
  if (socket_ < 0) return;
  if (tls_) (void)SSL_shutdown(tls_.get());
  tls_.reset();
  ::close(std::exchange(socket_, -1));
}

bool Peer::send(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = tls_ ? SSL_write(tls_.get(), octets.data(), static_cast<int>(octets.size()))
                              : ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::fill() {
  std::array<char, 65'536> space;
  const ssize_t count = tls_ ? SSL_read(tls_.get(), space.data(), static_cast<int>(space.size()))
                             : ::recv(socket_, space.data(), space.size(), 0);
  if (count <= 0) return false;
  received_.append(space.data(), static_cast<std::size_t>(count));
  return true;
}

std::string Peer::line() {
  std::size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (!fill()) return "<closed>";
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 2);
  return line;
}

std::string Peer::reply() {
  std::string text = line();
  for (std::string last = text; last.size() > 3 && last[3] == '-';) {
    last = line();
    text += "\n" + last;
  }
  return text;
}

std::string Peer::ask(const std::string& command) {
  send(command + "\r\n");
  return reply();
}

std::string Peer::octets(std::size_t count) {
  while (received_.size() < count && fill()) {
  }
  std::string octets = received_.substr(0, count);
  received_.erase(0, count);
  return octets;
}

bool Peer::start_tls(ssl_ctx_st* context) {
  tls_.reset(SSL_new(context == nullptr ? tls_context() : context));
  SSL_set_fd(tls_.get(), socket_);
  if (SSL_accept(tls_.get()) == 1) return true;
  tls_.reset();
  return false;
}

std::string Peer::server_name() const {
  const char* const name = SSL_get_servername(tls_.get(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

void Peer::gather(bool on) const {
  const int value = on ? 1 : 0;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

void Peer::break_off() {
  tls_.reset();
  close();
}

void Peer::finish_sending() {
  if (tls_) (void)SSL_shutdown(tls_.get());
  ::shutdown(socket_, SHUT_WR);
}

Endpoint Peer::here() const {
  return local_endpoint(socket_).value();
}

Endpoint Peer::there() const {
  return peer_endpoint(socket_).value();
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts, const std::string& address)
    : scripts_(std::move(scripts)),
      listener_(listen_on(address)),
      endpoint_(local_endpoint(listener_).value()),
      acceptor_([this] { serve(); }) {}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);  // wakes accept()
  acceptor_.join();
  sessions_.clear();
  ::close(listener_);
}

std::size_t ScriptedServer::connections() const {
  const std::scoped_lock lock(mutex_);
  return sessions_.size();
}

void ScriptedServer::serve() {
  for (;;) {
    // accept() takes a descriptor before it waits: waiting here instead, a test that fills the table of
    // descriptors does not depend on whether this thread has come so far.
    pollfd connection{.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&connection, 1, -1) < 0 && errno == EINTR) continue;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::scoped_lock lock(mutex_);
    const Script& script = scripts_[std::min(sessions_.size(), scripts_.size() - 1)];
    sessions_.emplace_back([socket, script] {
      Peer peer(socket);
      script(peer);
    });
  }
}

Endpoint unused_endpoint() {
  const int socket = listen_on("127.0.0.1");
  const Endpoint endpoint = local_endpoint(socket).value();
  ::close(socket);
  return endpoint;
}

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace tecs::test
