// An MTA's side of SMTP for measurements: many connections, each with some messages, said as Postfix says
// them (EHLO, then MAIL, RCPT and DATA in one go where PIPELINING is offered, then the message, then QUIT).
//
//     smtp-load SERVER:PORT CONNECTIONS AT-ONCE MESSAGES SIZE [SENDER]
//     smtp-load SERVER:PORT CONNECTIONS hold
//
// Prints the time that all of it took and, of each connection, the time from connect() to the reply to its
// first message. With hold, every connection is kept after EHLO and NOOP; "holding" is said when all are
// there; they end, with QUIT, when standard input does.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tecs/adapters/socket_address.hpp"
#include "tecs/endpoint.hpp"

namespace {

using namespace tecs;
using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void give_up(const std::string& reason) {
  throw std::runtime_error(reason);
}

struct Work {
  std::size_t connections = 0;
  std::size_t at_once = 50;
  std::size_t messages = 0;  // of each connection; 0: hold it
  std::string message{};     // with its end
  std::string sender = "somebody@sender.example";
};

std::string message_of(std::size_t size) {
  static constexpr std::string_view line =
      "The quick brown fox jumps over the lazy dog, and over the next one as well.\r\n";
  std::string message =
      "From: somebody@sender.example\r\nTo: somebody@sink.example\r\nSubject: a measurement\r\n\r\n";
  while (message.size() + line.size() < size) message.append(line);
  return message + ".\r\n";
}

class Session {
 public:
  Session(int socket, const Work& work) : socket_(socket), work_(work) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { ::close(socket_); }

  enum class State { going, done };

  [[nodiscard]] State readable() {
    std::array<char, 4096> space{};
    const long octets = ::recv(socket_, space.data(), space.size(), 0);
    if (octets < 0 && errno == EAGAIN) return State::going;
    if (octets <= 0) {
      if (step_ != Step::quit) give_up("the server closed the connection after: " + heard_);
      return State::done;
    }
    heard_.append(space.data(), static_cast<std::size_t>(octets));
    for (std::size_t end = 0; (end = heard_.find('\n')) != std::string::npos;) {
      const std::string line = heard_.substr(0, end + 1);
      heard_.erase(0, end + 1);
      if (line.size() < 5 || line.front() == '4' || line.front() == '5') give_up("the server said " + line);
      pipelining_ = pipelining_ || line.substr(4).starts_with("PIPELINING");
      if (line[3] == ' ' && replied() == State::done) return State::done;
    }
    return State::going;
  }

  void writable() {
    while (!to_say_.empty()) {
      const long written = ::send(socket_, to_say_.data(), to_say_.size(), MSG_NOSIGNAL);
      if (written < 0 && errno == EAGAIN) return;
      if (written < 0) give_up("the connection broke: " + system_sentence(errno));
      to_say_.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void quit() { say("QUIT\r\n", Step::quit); }
  [[nodiscard]] bool quitting() const noexcept { return step_ == Step::quit; }
  [[nodiscard]] bool stuck() const noexcept { return !to_say_.empty(); }
  [[nodiscard]] std::chrono::microseconds first_took() const noexcept { return first_took_; }

 private:
  enum class Step { greeting, ehlo, noop, mail, rcpt, data, message, quit };

  void say(std::string_view octets, Step step) {
    step_ = step;
    to_say_ = octets;
    writable();
  }

  void say_mail() { say(pipelining_ ? envelope_ : mail_, Step::mail); }

  [[nodiscard]] State replied() {
    switch (step_) {
      case Step::greeting:
        say("EHLO sender.example\r\n", Step::ehlo);
        break;
      case Step::ehlo:
        if (work_.messages == 0) {
          say("NOOP\r\n", Step::noop);
        } else {
          say_mail();
        }
        break;
      case Step::noop:
        return State::done;
      case Step::mail:
        step_ = Step::rcpt;
        if (!pipelining_) say(rcpt_, Step::rcpt);
        break;
      case Step::rcpt:
        step_ = Step::data;
        if (!pipelining_) say("DATA\r\n", Step::data);
        break;
      case Step::data:
        say(work_.message, Step::message);
        break;
      case Step::message:
        if (++sent_ == 1) {
          first_took_ = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - began_);
        }
        if (sent_ == work_.messages) {
          quit();
        } else {
          say_mail();
        }
        break;
      default:
        break;  // the server closes
    }
    return State::going;
  }

  int socket_;
  const Work& work_;
  std::string mail_ = "MAIL FROM:<" + work_.sender + ">\r\n";
  std::string rcpt_ = "RCPT TO:<somebody@sink.example>\r\n";
  std::string envelope_ = mail_ + rcpt_ + "DATA\r\n";
  SteadyClock::time_point began_ = SteadyClock::now();
  std::chrono::microseconds first_took_{0};
  Step step_ = Step::greeting;
  std::string heard_;
  std::string_view to_say_;
  std::size_t sent_ = 0;
  bool pipelining_ = false;
};

class Load {
 public:
  Load(const Endpoint& server, Work work) : server_(SocketAddress::of(server)), work_(std::move(work)) {}

  // Until no session is left, or all are held.
  void run() {
    while (begun_ < work_.connections || under_way_ > 0) {
      while (begun_ < work_.connections && under_way_ < work_.at_once) begin();
      turn();
    }
  }
  // Of those that are held.
  void quit() {
    under_way_ = sessions_.size();
    for (const auto& [socket, session] : sessions_) session->quit();
    while (under_way_ > 0) turn();
  }
  [[nodiscard]] std::vector<std::chrono::microseconds> times() const { return times_; }

 private:
  void turn() {
    std::array<epoll_event, 256> ready{};
    const int count = ::epoll_wait(events_, ready.data(), ready.size(), 60'000);
    if (count == 0) give_up("nothing came for a minute");
    for (int i = 0; i < count; ++i) turn(ready[static_cast<std::size_t>(i)]);
  }
  void begin() {
    const int socket = ::socket(server_.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto session = std::make_unique<Session>(socket, work_);
    if (::connect(socket, server_.pointer(), server_.length) != 0 && errno != EINPROGRESS) {
      give_up("cannot connect: " + system_sentence(errno));
    }
    epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
    if (::epoll_ctl(events_, EPOLL_CTL_ADD, socket, &event) != 0) give_up(system_sentence(errno));
    sessions_.insert_or_assign(socket, std::move(session));
    ++begun_;
    ++under_way_;
  }

  void turn(const epoll_event& event) {
    const int socket = event.data.fd;
    Session& session = *sessions_.at(socket);
    const bool was_stuck = session.stuck();
    if (was_stuck) session.writable();
    if ((event.events & ~static_cast<unsigned>(EPOLLOUT)) != 0 &&
        session.readable() == Session::State::done) {
      --under_way_;
      times_.push_back(session.first_took());
      if (session.quitting()) sessions_.erase(socket);
      return;
    }
    if (session.stuck() == was_stuck) return;
    const unsigned wanted = session.stuck() ? EPOLLIN | EPOLLOUT : static_cast<unsigned>(EPOLLIN);
    epoll_event changed{.events = wanted, .data = {.fd = socket}};
    (void)::epoll_ctl(events_, EPOLL_CTL_MOD, socket, &changed);
  }

  SocketAddress server_;
  Work work_;
  int events_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::unordered_map<int, std::unique_ptr<Session>> sessions_;
  std::vector<std::chrono::microseconds> times_;
  std::size_t begun_ = 0;
  std::size_t under_way_ = 0;
};

void print(SteadyClock::duration took, const std::vector<std::chrono::microseconds>& times) {
  std::cout << R"({"wall_us": )" << std::chrono::duration_cast<std::chrono::microseconds>(took).count()
            << R"(, "first_message_us": [)";
  for (std::size_t i = 0; i < times.size(); ++i) std::cout << (i == 0 ? "" : ", ") << times[i].count();
  std::cout << "]}" << std::endl;
}

int run(const std::vector<std::string>& words) {
  const bool holds = words.size() == 3 && words[2] == "hold";
  if (!holds && words.size() != 5 && words.size() != 6) {
    give_up("say SERVER:PORT CONNECTIONS AT-ONCE MESSAGES SIZE [SENDER], or ... hold");
  }
  const auto server = Endpoint::parse(words[0]);
  if (!server) give_up(server.error().sentence);
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  Work work{.connections = std::stoul(words[1])};
  if (!holds) {
    work.at_once = std::stoul(words[2]);
    work.messages = std::stoul(words[3]);
    work.message = message_of(std::stoul(words[4]));
    if (words.size() == 6) work.sender = words[5];
  }
  Load load(*server, std::move(work));
  const auto began = SteadyClock::now();
  load.run();
  if (!holds) {
    print(SteadyClock::now() - began, load.times());
    return 0;
  }
  std::cout << "holding" << std::endl;
  std::cin.get();
  load.quit();
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cerr << "smtp-load: " << error.what() << '\n';
    return 1;
  }
}
