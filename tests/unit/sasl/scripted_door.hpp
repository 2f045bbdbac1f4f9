// A SASL door that follows a script, on a real unix socket, for tests. Every connection runs the script anew.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <atomic>
#include <cstring>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/adapters/socket_address.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs::test {

inline constexpr std::string_view door_greeting =
    "VERSION\t1\t2\nMECH\tTECS-1\nSPID\t77\nCUID\t1\nCOOKIE\t00112233445566778899aabbccddeeff\nDONE\n";

class ScriptedDoor {
 public:
  // The door's end of one connection.
  class Peer {
   public:
    Peer(FileDescriptor socket, ScriptedDoor& door) : socket_(std::move(socket)), door_(door) {}

    void say(std::string_view octets) const {
      while (!octets.empty()) {
        const ssize_t sent = send(socket_.number(), octets.data(), octets.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        octets.remove_prefix(static_cast<std::size_t>(sent));
      }
    }
    // The next line, without its LF, which the test can ask for later; empty at the end.
    std::string hear() {
      std::size_t end = 0;
      while ((end = buffer_.find('\n')) == std::string::npos) {
        std::array<char, 4096> octets{};
        const ssize_t count = recv(socket_.number(), octets.data(), octets.size(), 0);
        if (count <= 0) return {};
        buffer_.append(octets.data(), static_cast<std::size_t>(count));
      }
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      const std::lock_guard lock(door_.mutex_);
      door_.heard_.push_back(line);
      return line;
    }
    // Until the client closes.
    void wait_for_the_end() {
      while (!hear().empty()) {
      }
    }

   private:
    FileDescriptor socket_;
    ScriptedDoor& door_;
    std::string buffer_;
  };
  using Script = std::function<void(Peer&)>;

  // backlog: how many connections may wait to be accepted; a script that is empty accepts none.
  explicit ScriptedDoor(Script script, int backlog = 16)
      : script_(std::move(script)), listening_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path().copy(name.sun_path, sizeof(name.sun_path) - 1);
    if (bind(listening_.number(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0 ||
        listen(listening_.number(), backlog) != 0) {
      throw std::runtime_error("no door at " + path());
    }
    if (script_) acceptor_ = std::thread([this] { accept_connections(); });
  }
  ScriptedDoor(const ScriptedDoor&) = delete;
  ScriptedDoor& operator=(const ScriptedDoor&) = delete;
  ~ScriptedDoor() { join(); }

  [[nodiscard]] std::string path() const { return directory_.file("sasl"); }
  [[nodiscard]] std::string option() const { return "unix:" + path(); }
  [[nodiscard]] SocketAddress address() const {
    SocketAddress address;
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path().copy(name.sun_path, sizeof(name.sun_path) - 1);
    std::memcpy(&address.storage, &name, sizeof(name));
    address.length = sizeof(name);
    return address;
  }
  // All lines so far, of all connections. Complete once join() was called, which waits for the scripts' ends.
  [[nodiscard]] std::vector<std::string> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  void join() {
    stopping_ = true;
    shutdown(listening_.number(), SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    for (std::thread& served : served_) {
      if (served.joinable()) served.join();
    }
  }

 private:
  void accept_connections() {
    while (!stopping_) {
      FileDescriptor connection(accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!connection) continue;
      served_.emplace_back([this, connection = std::move(connection)]() mutable {
        Peer peer(std::move(connection), *this);
        script_(peer);
      });
    }
  }

  TemporaryDirectory directory_;
  Script script_;
  FileDescriptor listening_;
  mutable std::mutex mutex_;
  std::vector<std::string> heard_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> served_;  // of the acceptor, until it has ended
  std::thread acceptor_;
};

// Greets, hears VERSION, CPID and AUTH, and gives this answer.
inline ScriptedDoor::Script answering(std::string answer) {
  return [answer = std::move(answer)](ScriptedDoor::Peer& peer) {
    peer.say(door_greeting);
    for (int line = 0; line < 3; ++line) (void)peer.hear();
    peer.say(answer);
    peer.wait_for_the_end();
  };
}

}  // namespace tecs::test
