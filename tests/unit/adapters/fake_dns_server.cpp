#include "unit/adapters/fake_dns_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "adapters/dns/ldns_memory.hpp"

namespace tecs::test {
namespace {

void push(ldns_pkt& packet, ldns_pkt_section section, const std::string& text) {
  ldns_rr* record = nullptr;
  if (ldns_rr_new_frm_str(&record, text.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK) {
    throw std::runtime_error("no record: " + text);
  }
  ldns_pkt_push_rr(&packet, section, record);
}

void push_question(ldns_pkt& packet, ldns_rr* question) {
  ldns_rr_set_question(question, true);
  ldns_pkt_push_rr(&packet, LDNS_SECTION_QUESTION, question);
}

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address make_address(const std::string& text, std::uint16_t port) {
  Address address;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size = sizeof v4;
    std::memcpy(&address.storage, &v4, sizeof v4);
  } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    address.size = sizeof v6;
    std::memcpy(&address.storage, &v6, sizeof v6);
  }
  return address;
}

std::uint16_t port_of(int socket) {
  sockaddr_in6 bound{};
  socklen_t size = sizeof bound;
  getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.sin6_port);  // at the same place in sockaddr_in
}

}  // namespace

Octets Reply::to(OctetView query) const {
  ldns_pkt* parsed = nullptr;
  if (ldns_wire2pkt(&parsed, query.data(), query.size()) != LDNS_STATUS_OK)
    throw std::runtime_error("no query");
  const LdnsOwner<ldns_pkt> asked(parsed);
  const LdnsOwner<ldns_pkt> packet(ldns_pkt_new());
  ldns_pkt_set_id(packet.get(), static_cast<std::uint16_t>(ldns_pkt_id(parsed) + id_offset));
  ldns_pkt_set_qr(packet.get(), response);
  ldns_pkt_set_rd(packet.get(), true);
  ldns_pkt_set_ra(packet.get(), recursion_available);
  ldns_pkt_set_aa(packet.get(), authoritative);
  ldns_pkt_set_ad(packet.get(), authenticated);
  ldns_pkt_set_tc(packet.get(), truncated);
  ldns_pkt_set_rcode(packet.get(), static_cast<std::uint8_t>(rcode & 0xfU));
  if (rcode > 0xf) {
    ldns_pkt_set_edns_udp_size(packet.get(), 1232);
    ldns_pkt_set_edns_extended_rcode(packet.get(), static_cast<std::uint8_t>(rcode >> 4U));
  }
  if (!other_question.empty()) {
    push(*packet, LDNS_SECTION_QUESTION, other_question);
    ldns_rr_set_question(ldns_rr_list_rr(ldns_pkt_question(packet.get()), 0), true);
  } else if (question_repeated) {
    push_question(*packet, ldns_rr_clone(ldns_rr_list_rr(ldns_pkt_question(parsed), 0)));
  }
  for (const std::string& record : answer) push(*packet, LDNS_SECTION_ANSWER, record);
  for (const std::string& record : authority) push(*packet, LDNS_SECTION_AUTHORITY, record);
  std::uint8_t* wire = nullptr;
  std::size_t size = 0;
  if (ldns_pkt2wire(&wire, packet.get(), &size) != LDNS_STATUS_OK) throw std::runtime_error("no message");
  const LdnsOwner<std::uint8_t> owner(wire);
  return Octets(wire, wire + size);
}

FakeDnsServer::FakeDnsServer(UdpScript udp, std::optional<TcpScript> tcp, const std::string& address,
                             std::uint16_t port)
    : udp_script_(std::move(udp)), tcp_script_(std::move(tcp)) {
  // The port that UDP gets may be taken on TCP; then the next one is tried.
  for (int attempt = 0; attempt < 50; ++attempt) {
    Address wanted = make_address(address, port);
    udp_ = socket(wanted.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(udp_, wanted.get(), wanted.size) != 0) return;
    wanted = make_address(address, port_of(udp_));
    if (!tcp_script_) break;
    tcp_ = socket(wanted.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int reuse = 1;
    setsockopt(tcp_, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    if (bind(tcp_, wanted.get(), wanted.size) == 0 && listen(tcp_, 5) == 0) break;
    close(tcp_);
    close(udp_);
    udp_ = tcp_ = -1;
  }
  if (udp_ < 0 || pipe2(stop_, O_CLOEXEC) != 0) return;
  endpoint_ = *Endpoint::make(*IpAddress::parse(address), port_of(udp_));
  thread_ = std::thread([this] { run(); });
}

FakeDnsServer::~FakeDnsServer() {
  if (thread_.joinable()) {
    close(stop_[1]);
    thread_.join();
    close(stop_[0]);
  }
  if (udp_ >= 0) close(udp_);
  if (tcp_ >= 0) close(tcp_);
}

void FakeDnsServer::run() {
  while (true) {
    std::array<pollfd, 3> waiting{{{stop_[0], POLLIN, 0}, {udp_, POLLIN, 0}, {tcp_, POLLIN, 0}}};
    if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[0].revents != 0) return;
    if (waiting[1].revents != 0) answer_datagram();
    if (waiting[2].revents != 0) answer_connection();
  }
}

void FakeDnsServer::answer_datagram() {
  Octets buffer(65535);
  Address from;
  from.size = sizeof from.storage;
  const ssize_t size = recvfrom(udp_, buffer.data(), buffer.size(), 0, from.get(), &from.size);
  if (size < 0) return;
  ++udp_queries_;
  for (const Octets& datagram : udp_script_({buffer.data(), static_cast<std::size_t>(size)})) {
    sendto(udp_, datagram.data(), datagram.size(), 0, from.get(), from.size);
  }
}

void FakeDnsServer::answer_connection() {
  const int connection = accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) return;
  std::array<std::uint8_t, 2> length{};
  Octets query;
  if (recv(connection, length.data(), length.size(), MSG_WAITALL) == 2) {
    query.resize(static_cast<std::size_t>(length[0]) << 8U | length[1]);
    if (recv(connection, query.data(), query.size(), MSG_WAITALL) == static_cast<ssize_t>(query.size())) {
      ++tcp_queries_;
      (*tcp_script_)(connection, query);
    }
  }
  close(connection);
}

Octets with_length(const Octets& message) {
  Octets octets;
  octets.reserve(2 + message.size());
  octets.push_back(static_cast<std::uint8_t>(message.size() >> 8U));
  octets.push_back(static_cast<std::uint8_t>(message.size() & 0xffU));
  octets.insert(octets.end(), message.begin(), message.end());
  return octets;
}

void send_all(int connection, const Octets& octets) {
  for (std::size_t sent = 0; sent < octets.size();) {
    const ssize_t count = send(connection, octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

}  // namespace tecs::test
