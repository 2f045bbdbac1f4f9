// Brings one message a connection to an SMTP server, over so many connections at a time. With a key it signs
// each of them, for itself, as its source port is signed.
//
//     signing-load --server IP:PORT --message FILE [--connections N] [--concurrency N]
//                  [--key PEM --domain DOMAIN [--mechanism NAME]] [--source IPV4]
//
// With a source the first connection comes from that address, the next one from the next address, and so on.
// A kernel may give a connection the port of one that has just ended, and the signature of both would be the
// same.
//
// Prints one line of JSON, medians over the connections. What it tells of the moments of AUTH's answer and of
// the message's answer is the client's view: octets of SMTP that it had sent, and time since it began to
// connect.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tecs/adapters/file_descriptor.hpp"
#include "tecs/adapters/socket_address.hpp"
#include "tecs/base64.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/signer.hpp"

namespace {

using namespace tecs;
using SteadyClock = std::chrono::steady_clock;

struct Load {
  Endpoint server;
  unsigned connections;
  unsigned concurrency;
  std::string message;  // as it follows DATA: dots are doubled, and its end is there
  std::optional<Signer> signer;
  std::string mechanism;          // under which the credential is sent
  std::optional<in_addr> source;  // of the first connection
};

struct Moment {
  std::size_t octets = 0;
  std::chrono::microseconds elapsed{};
};

struct Delivery {
  Moment authenticated;  // AUTH was answered; without a key: EHLO
  Moment accepted;       // the message was answered
  Moment ended;
};

[[noreturn]] void fail(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

template <typename Value>
Value value_or_fail(Expected<Value> value) {
  if (!value) fail(value.error().sentence);
  return *std::move(value);
}

class Connection {
 public:
  Connection(const Endpoint& server, const std::optional<in_addr>& source)
      : begin_(SteadyClock::now()),
        socket_(socket(SocketAddress::of(server).storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const SocketAddress address = SocketAddress::of(server);
    const int on = 1;
    setsockopt(socket_.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (source) bind_to(*source);
    if (connect(socket_.number(), address.pointer(), address.length) != 0) {
      fail("cannot connect to " + server.format() + ": " + system_sentence(errno));
    }
  }

  [[nodiscard]] int descriptor() const noexcept { return socket_.number(); }

  [[nodiscard]] Moment now() const {
    return {sent_, std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin_)};
  }

  void send(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t written = ::send(socket_.number(), octets.data(), octets.size(), MSG_NOSIGNAL);
      if (written <= 0) fail("the server does not read: " + system_sentence(errno));
      sent_ += static_cast<std::size_t>(written);
      octets.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  // Reads one reply, which may have several lines.
  void expect(std::string_view code) {
    std::string line;
    do {
      line = read_line();
    } while (line.size() > 3 && line[3] == '-');
    if (!line.starts_with(code)) fail("the server answered \"" + line + "\" instead of " + std::string(code));
  }

  void command(const std::string& line, std::string_view code) {
    send(line + "\r\n");
    expect(code);
  }

 private:
  // The port is chosen when the other end is known, so that each address has all of them.
  void bind_to(const in_addr& source) {
    const int on = 1;
    setsockopt(socket_.number(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr = source;
    if (bind(socket_.number(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) {
      fail("cannot come from another address: " + system_sentence(errno));
    }
  }

  std::string read_line() {
    while (true) {
      if (const auto end = input_.find("\r\n"); end != std::string::npos) {
        std::string line = input_.substr(0, end);
        input_.erase(0, end + 2);
        return line;
      }
      std::array<char, 4096> buffer{};
      const ssize_t count = recv(socket_.number(), buffer.data(), buffer.size(), 0);
      if (count <= 0) fail("the server closed the connection");
      input_.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  SteadyClock::time_point begin_;
  FileDescriptor socket_;
  std::size_t sent_ = 0;
  std::string input_;
};

std::string sign(const Connection& connection, const Load& load) {
  const auto source = value_or_fail(local_endpoint(connection.descriptor()));
  const auto tuple = value_or_fail(ConnectionTuple::make(load.server, source));
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto credential = value_or_fail(load.signer->sign(tuple, Epoch::nearest(now)));
  return encode_base64(octets_of(credential.format()));
}

// The signature is made while the server's greeting is on its way.
Delivery deliver(const Load& load, unsigned number) {
  Delivery delivery;
  auto source = load.source;
  if (source) source->s_addr = htonl(ntohl(source->s_addr) + number);
  Connection connection(load.server, source);
  const std::string credential = load.signer ? sign(connection, load) : "";
  connection.expect("220");
  connection.command("EHLO out.sender.example", "250");
  if (load.signer) connection.command("AUTH " + load.mechanism + " " + credential, "235");
  delivery.authenticated = connection.now();
  // RFC 2920 section 3.1: as MTAs do where the server offers PIPELINING.
  connection.send("MAIL FROM:<bench@sender.example> SIZE=" + std::to_string(load.message.size()) +
                  "\r\nRCPT TO:<someone@receiver.example>\r\nDATA\r\n");
  connection.expect("250");
  connection.expect("250");
  connection.expect("354");
  connection.send(load.message);
  connection.expect("250");
  delivery.accepted = connection.now();
  connection.command("QUIT", "221");
  delivery.ended = connection.now();
  return delivery;
}

// Each thread has one connection at a time. What fails in one of them ends the program.
std::vector<Delivery> deliver_all(const Load& load) {
  std::vector<Delivery> deliveries(load.connections);
  std::atomic<unsigned> next{0};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::min(load.concurrency, load.connections); ++i) {
    threads.emplace_back([&] {
      try {
        for (unsigned number = next++; number < load.connections; number = next++) {
          deliveries[number] = deliver(load, number);
        }
      } catch (const std::exception& error) {
        std::cerr << "signing-load: " << error.what() << '\n';
        std::_Exit(EXIT_FAILURE);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return deliveries;
}

// With dots doubled (RFC 5321 section 4.5.2), and with the end of the message.
std::string as_sent(const std::string& message) {
  std::string sent;
  for (std::size_t begin = 0; begin < message.size();) {
    const std::size_t end = message.find("\r\n", begin);
    if (end == std::string::npos) fail("the message must end with CRLF");
    if (message[begin] == '.') sent += '.';
    sent.append(message, begin, end + 2 - begin);
    begin = end + 2;
  }
  return sent + ".\r\n";
}

std::string content_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail(file + ": cannot be read");
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

Load read_load(const std::vector<std::string>& words) {
  std::map<std::string, std::string> options{{"--connections", "1"},
                                             {"--concurrency", "1"},
                                             {"--key", ""},
                                             {"--mechanism", "TECS-1"},
                                             {"--source", ""}};
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) options[words[i]] = words[i + 1];
  std::optional<Signer> signer;
  if (!options["--key"].empty()) {
    signer.emplace(value_or_fail(Domain::parse(options["--domain"])), std::nullopt,
                   value_or_fail(SigningKey::from_pem(content_of(options["--key"]))));
  }
  std::optional<in_addr> source;
  if (!options["--source"].empty() &&
      inet_pton(AF_INET, options["--source"].c_str(), &source.emplace()) != 1) {
    fail("--source: an IPv4 address");
  }
  return Load{value_or_fail(Endpoint::parse(options["--server"])),
              static_cast<unsigned>(std::stoul(options["--connections"])),
              static_cast<unsigned>(std::stoul(options["--concurrency"])),
              as_sent(content_of(options["--message"])),
              std::move(signer),
              options["--mechanism"],
              source};
}

template <typename Part>
auto median(const std::vector<Delivery>& deliveries, Part part) {
  std::vector<decltype(part(deliveries.front()))> values;
  values.reserve(deliveries.size());
  for (const Delivery& each : deliveries) values.push_back(part(each));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void print(const std::vector<Delivery>& all, std::chrono::microseconds elapsed) {
  const auto tell = [&all](const char* name, Moment Delivery::*moment) {
    std::cout << ", \"" << name << "_us\": "
              << median(all, [=](const Delivery& each) { return (each.*moment).elapsed.count(); }) << ", \""
              << name
              << "_bytes\": " << median(all, [=](const Delivery& each) { return (each.*moment).octets; });
  };
  std::cout << "{\"connections\": " << all.size() << ", \"elapsed_us\": " << elapsed.count();
  tell("authenticated", &Delivery::authenticated);
  tell("accepted", &Delivery::accepted);
  tell("ended", &Delivery::ended);
  std::cout << "}\n";
}

}  // namespace

int main(int argument_count, char** arguments) {
  try {
    const Load load = read_load({arguments + 1, arguments + argument_count});
    const auto begin = SteadyClock::now();
    const auto deliveries = deliver_all(load);
    print(deliveries, std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "signing-load: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
