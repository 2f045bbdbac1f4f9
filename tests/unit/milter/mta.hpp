// An MTA that speaks the milter protocol to a door, for tests.
#pragma once

#include <arpa/inet.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>

#include "unit/milter/door_client.hpp"

namespace tecs::test {

using std::string_literals::operator""s;

inline std::string number(std::uint32_t value) {
  const std::uint32_t ordered = htonl(value);
  return {reinterpret_cast<const char*>(&ordered), sizeof(ordered)};
}

// A packet: length, command, payload.
inline std::string packet(char command, const std::string& payload) {
  return number(static_cast<std::uint32_t>(payload.size() + 1)) + command + payload;
}

class Mta {
 public:
  explicit Mta(const DoorAddress& address) : client_(address) {}

  void tell(char command, const std::string& payload) { client_.send(packet(command, payload)); }
  void tell_octets(const std::string& octets) { client_.send(octets); }
  // A packet whose end never comes.
  void tell_half(char command, const std::string& payload) {
    const std::string whole = packet(command, payload);
    client_.send(whole.substr(0, whole.size() / 2));
  }
  void end_of_sending() { client_.end_of_sending(); }
  [[nodiscard]] bool closed() { return client_.closed(); }
  // The door has neither closed nor said anything that was not asked for yet.
  [[nodiscard]] bool waits() { return client_.silent_for(std::chrono::milliseconds(0)); }
  // Command and payload of the next packet; empty at the end.
  std::string answer() {
    const std::string size = client_.receive_octets(4);
    if (size.size() < 4) return {};
    std::uint32_t count = 0;
    std::memcpy(&count, size.data(), sizeof(count));
    return client_.receive_octets(ntohl(count));
  }
  // Sends messages without a pause. Returns the first answer that does not let one go on; empty when none has
  // come for some time.
  std::string send_messages() {
    while (true) {
      tell('M', "<a@b.example>\0"s);
      tell('R', "<c@d.example>\0"s);
      tell('E', "");
      for (int i = 0; i < 4; ++i) {  // to RCPT, two fields, to the end
        if (client_.silent_for(std::chrono::seconds(1))) return {};
        std::string said = answer();
        if (said != "c" && !said.starts_with('i')) return said;
      }
    }
  }
  // All actions and steps that Sendmail 8.17 knows are offered.
  std::string negotiate() {
    tell('O', number(6) + number(0x1ff) + number(0x1fffff));
    return answer();
  }
  std::string connect() {
    using namespace std::string_literals;
    tell('D', "C{daemon_addr}\0"s + "127.0.0.1\0{daemon_port}\0"s + "25\0{tecs_pid}\0"s + "4711\0"s);
    tell('C', "client.example\0"s + '4' + "\x9d\x15"s + "198.51.100.7\0"s);  // port 40213
    return answer();
  }

 private:
  DoorClient client_;
};

}  // namespace tecs::test
