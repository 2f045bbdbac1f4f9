// A DNS server on loopback that answers as a test wants, right or wrong.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tecs/endpoint.hpp"
#include "tecs/octets.hpp"

namespace tecs::test {

// An answer to a query, in the terms of RFC 1035 section 4. Records are written as in a master file, names
// absolute.
struct Reply {
  std::vector<std::string> answer{};
  std::vector<std::string> authority{};
  unsigned rcode = 0;  // above 15 an OPT record carries the rest
  bool authenticated = false;
  bool truncated = false;
  bool authoritative = false;
  bool recursion_available = true;
  bool response = true;
  bool question_repeated = true;
  std::string other_question{};  // asked instead of the one in the query, for TXT
  std::uint16_t id_offset = 0;

  [[nodiscard]] Octets to(OctetView query) const;
};

// Answers over UDP and, if it listens there, over TCP, from one thread.
class FakeDnsServer {
 public:
  // The datagrams to send back for one query, in order.
  using UdpScript = std::function<std::vector<Octets>(OctetView query)>;
  // Has the connection, after one query came over it, and may do to it what it likes; it is closed
  // afterwards.
  using TcpScript = std::function<void(int connection, OctetView query)>;

  // tcp absent: nobody listens there. address: as text, "127.0.0.1" or "::1"; port 0: any that is free.
  explicit FakeDnsServer(UdpScript udp, std::optional<TcpScript> tcp = std::nullopt,
                         const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  FakeDnsServer(const FakeDnsServer&) = delete;
  FakeDnsServer& operator=(const FakeDnsServer&) = delete;
  ~FakeDnsServer();

  [[nodiscard]] bool started() const noexcept { return thread_.joinable(); }
  [[nodiscard]] const Endpoint& endpoint() const { return *endpoint_; }
  [[nodiscard]] int udp_queries() const noexcept { return udp_queries_; }
  [[nodiscard]] int tcp_queries() const noexcept { return tcp_queries_; }

 private:
  void run();
  void answer_datagram();
  void answer_connection();

  UdpScript udp_script_;
  std::optional<TcpScript> tcp_script_;
  int udp_ = -1, tcp_ = -1;
  int stop_[2] = {-1, -1};
  std::optional<Endpoint> endpoint_;
  std::atomic<int> udp_queries_ = 0, tcp_queries_ = 0;
  std::thread thread_;
};

// What a script sends over TCP: the message behind its length.
[[nodiscard]] Octets with_length(const Octets& message);
void send_all(int connection, const Octets& octets);

}  // namespace tecs::test
