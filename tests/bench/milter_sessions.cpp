#include "milter_sessions.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace tecs::bench {
namespace {

using std::string_literals::operator""s;

constexpr std::uint16_t first_port = 1024;
constexpr std::uint32_t first_process = 1'000'000;
// More would fill the queue of the door's socket.
constexpr std::size_t at_once = 64;

IpAddress client_address(std::uint8_t network, std::size_t number) {
  const auto octet = [number](unsigned shift) { return static_cast<std::uint8_t>(number >> shift); };
  return IpAddress::from_ipv4({10, network, octet(8), octet(0)});
}

void tell_of(test::Mta& mta, const SmtpConnection& connection) {
  const Endpoint& server = connection.tuple.destination();
  const Endpoint& client = connection.tuple.source();
  const std::string process =
      connection.process ? "{tecs_pid}\0"s + std::to_string(*connection.process) + "\0"s : ""s;
  mta.tell('D', "C{daemon_addr}\0"s + server.address().format() + "\0{daemon_port}\0"s +
                    std::to_string(server.port()) + "\0v\0Postfix 3.7.11\0"s + process);
  const std::string port{static_cast<char>(client.port() >> 8U), static_cast<char>(client.port() & 0xffU)};
  mta.tell('C', "unknown\0"s + '4' + port + client.address().format() + "\0"s);
}

}  // namespace

std::vector<SmtpConnection> make_connections(const ConnectionPlan& plan) {
  const Endpoint server = Endpoint::parse("198.51.100.25:25").value();
  std::vector<SmtpConnection> made;
  made.reserve(plan.count);
  for (std::size_t i = 0; i < plan.count; ++i) {
    const auto port = static_cast<std::uint16_t>(first_port + i / plan.addresses);
    const Endpoint client =
        Endpoint::make(client_address(plan.network, i % plan.addresses + 1), port).value();
    const auto process =
        plan.tied ? std::optional(static_cast<std::uint32_t>(first_process + i)) : std::nullopt;
    made.push_back({ConnectionTuple::make(server, client).value(), process});
  }
  return made;
}

MilterSessions::MilterSessions(const DoorAddress& door, const std::vector<SmtpConnection>& connections) {
  open_.reserve(connections.size());
  for (std::size_t begin = 0; begin < connections.size(); begin += at_once) {
    const std::size_t end = std::min(begin + at_once, connections.size());
    for (std::size_t i = begin; i < end; ++i) {
      // Version, actions and steps of Postfix 3.7.
      open_.emplace_back(door).tell('O', test::number(6) + test::number(0x1ff) + test::number(0x1fffff));
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (!open_[i].answer().starts_with('O')) throw std::runtime_error("the milter did not negotiate");
      tell_of(open_[i], connections[i]);
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (open_[i].answer() != "c") throw std::runtime_error("the milter did not take a connection");
    }
  }
}

}  // namespace tecs::bench
