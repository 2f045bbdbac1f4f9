// An SMTP server for measurements, as light as can be: offers what Postfix does, and AUTH TECS-1, says yes to
// everything and throws all mail away.
//
//     smtp-sink-bench ADDRESS:PORT [CERTIFICATE KEY]
//
// With a certificate it offers STARTTLS, and resumes sessions by tickets as OpenSSL does by default. Says
// "listening" once it does.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tecs/adapters/socket_address.hpp"
#include "tecs/endpoint.hpp"

namespace {

using namespace tecs;
using Context = std::shared_ptr<SSL_CTX>;

constexpr std::string_view end_of_message = "\r\n.\r\n";

class Session {
 public:
  Session(int socket, const Context& context) : socket_(socket), context_(context) {
    const int on = 1;
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    say("220 sink.example ESMTP\r\n");
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (stream_ != nullptr) SSL_free(stream_);
    ::close(socket_);
  }

  // All that can be done now. False: the session is over.
  [[nodiscard]] bool go_on(std::span<char> space) {
    while (!over_) {
      if (handshaking_) {
        if (SSL_accept(stream_) != 1) return waits_again(-1);
        handshaking_ = false;
      }
      const int octets = stream_ == nullptr ? static_cast<int>(::recv(socket_, space.data(), space.size(), 0))
                                            : SSL_read(stream_, space.data(), static_cast<int>(space.size()));
      if (octets <= 0) return waits_again(octets);
      heard({space.data(), static_cast<std::size_t>(octets)});
      flush();
      // A space that was not filled means that the kernel has no more.
      if (stream_ == nullptr && static_cast<std::size_t>(octets) < space.size()) return !over_;
    }
    return false;
  }
  void flush() {
    if (replies_.empty()) return;
    const std::string said = std::exchange(replies_, {});
    const long written = stream_ == nullptr ? ::send(socket_, said.data(), said.size(), MSG_NOSIGNAL)
                                            : SSL_write(stream_, said.data(), static_cast<int>(said.size()));
    // Replies are short, and the client reads them: there is room.
    if (written != static_cast<long>(said.size())) over_ = true;
    if (!starts_tls_) return;
    starts_tls_ = false;
    handshaking_ = true;
    rest_.clear();
    stream_ = SSL_new(context_.get());
    if (stream_ == nullptr || SSL_set_fd(stream_, socket_) != 1) std::abort();
  }

 private:
  void say(std::string_view reply) { replies_.append(reply); }

  [[nodiscard]] bool waits_again(int result) const {
    if (stream_ == nullptr) return result < 0 && errno == EAGAIN;
    const int error = SSL_get_error(stream_, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  }

  void heard(std::string_view octets) {
    while (!octets.empty() && !over_) octets = in_message_ ? heard_message(octets) : heard_line(octets);
  }

  // Gives what is left, behind the line.
  [[nodiscard]] std::string_view heard_line(std::string_view octets) {
    const std::size_t end = octets.find('\n');
    rest_.append(octets.substr(0, end == std::string_view::npos ? end : end + 1));
    if (end == std::string_view::npos) return {};
    answer(std::exchange(rest_, {}));
    return octets.substr(end + 1);
  }

  // rest_: the end of what came before, in which the end of the message may begin.
  [[nodiscard]] std::string_view heard_message(std::string_view octets) {
    const std::size_t before = rest_.size();
    const std::string seam = rest_ + std::string(octets.substr(0, end_of_message.size()));
    std::size_t found = seam.find(end_of_message);
    std::size_t end = found == std::string::npos ? found : found + end_of_message.size() - before;
    if (found == std::string::npos) {
      found = octets.find(end_of_message);
      if (found != std::string_view::npos) end = found + end_of_message.size();
    }
    if (found == std::string_view::npos) {
      const std::string all = octets.size() < end_of_message.size() ? seam : std::string();
      const std::string_view last = all.empty() ? octets : std::string_view(all);
      rest_ = last.substr(last.size() - std::min(last.size(), end_of_message.size() - 1));
      return {};
    }
    rest_.clear();
    in_message_ = false;
    say("250 2.0.0 Ok: queued\r\n");
    return octets.substr(end);
  }

  void answer(std::string_view line) {
    const std::string_view verb = line.substr(0, 4);
    if (verb == "EHLO") {
      say("250-sink.example\r\n250-PIPELINING\r\n250-SIZE 20000000\r\n");
      if (context_ && stream_ == nullptr) say("250-STARTTLS\r\n");
      say("250-AUTH TECS-1\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n");
    } else if (verb == "AUTH") {
      say("235 2.7.0 Authentication successful\r\n");
    } else if (verb == "STAR") {
      say("220 2.0.0 Ready to start TLS\r\n");
      starts_tls_ = true;
    } else if (verb == "DATA") {
      say("354 End data with <CR><LF>.<CR><LF>\r\n");
      in_message_ = true;
      rest_ = "\r\n";  // a dot alone may come at once
    } else if (verb == "QUIT") {
      say("221 2.0.0 Bye\r\n");
      flush();
      over_ = true;
    } else {
      say("250 2.1.0 Ok\r\n");
    }
  }

  int socket_;
  Context context_;
  SSL* stream_ = nullptr;
  std::string rest_;
  std::string replies_;
  bool in_message_ = false;
  bool starts_tls_ = false;
  bool handshaking_ = false;
  bool over_ = false;
};

[[noreturn]] void give_up(const std::string& reason) {
  throw std::runtime_error(reason);
}

int listen_on(const std::string& text) {
  const auto where = Endpoint::parse(text);
  if (!where) give_up(where.error().sentence);
  const SocketAddress address = SocketAddress::of(*where);
  const int socket = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  (void)::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket, address.pointer(), address.length) != 0 || ::listen(socket, 4096) != 0) {
    give_up("cannot listen on " + text + ": " + system_sentence(errno));
  }
  return socket;
}

Context make_context(const char* certificate, const char* key) {
  Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context || SSL_CTX_use_certificate_chain_file(context.get(), certificate) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), key, SSL_FILETYPE_PEM) != 1) {
    give_up("cannot use the certificate");
  }
  constexpr std::string_view name = "sink";
  (void)SSL_CTX_set_session_id_context(context.get(), reinterpret_cast<const unsigned char*>(name.data()),
                                       name.size());
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

void watch(int events, int socket) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
  if (::epoll_ctl(events, EPOLL_CTL_ADD, socket, &event) != 0) give_up(system_sentence(errno));
}

[[noreturn]] void serve(int listener, const Context& context) {
  const int events = ::epoll_create1(EPOLL_CLOEXEC);
  watch(events, listener);
  std::unordered_map<int, std::unique_ptr<Session>> sessions;
  std::string space(262'144, '\0');
  std::array<epoll_event, 256> ready{};
  for (;;) {
    const int count = ::epoll_wait(events, ready.data(), ready.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int socket = ready[static_cast<std::size_t>(i)].data.fd;
      if (socket != listener) {
        if (!sessions.at(socket)->go_on(space)) sessions.erase(socket);
        continue;
      }
      for (int fresh = 0;
           (fresh = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        const auto& session =
            sessions.insert_or_assign(fresh, std::make_unique<Session>(fresh, context)).first;
        session->second->flush();
        watch(events, fresh);
      }
    }
  }
}

int run(const std::vector<std::string>& words) {
  if (words.size() != 1 && words.size() != 3) give_up("say ADDRESS:PORT [CERTIFICATE KEY]");
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const int listener = listen_on(words[0]);
  const Context context = words.size() == 3 ? make_context(words[1].c_str(), words[2].c_str()) : nullptr;
  std::cout << "listening" << std::endl;
  serve(listener, context);
}

}  // namespace

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cerr << "smtp-sink-bench: " << error.what() << '\n';
    return 1;
  }
}
