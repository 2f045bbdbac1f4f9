// Whether one condition of a firewall rule holds for a packet that is made up (libnftables-json(5)).
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "tecs/ip_address.hpp"

namespace tecs {

// The first packet of a connection to a mail server. Plain value.
struct MailPacket {
  enum class Hook { output, prerouting };

  Hook hook = Hook::output;
  IpAddress destination;
  std::uint16_t port = 25;
  bool to_this_host = false;  // the destination is one of its own addresses
  // Whose socket it is; for prerouting nobody's.
  std::optional<std::uint64_t> user{};
  std::optional<std::uint64_t> group{};
  // When user or group are not known: at least not these.
  std::optional<std::uint64_t> other_than_user{};
  std::optional<std::uint64_t> other_than_group{};
  bool of_signer = false;
};

enum class Holds { no, yes, unknown };

// Named sets of a table, by "family table name".
using NamedSets = std::map<std::string, nlohmann::json>;

// match: the object of a "match" statement. table: "family table", in which its named sets are.
[[nodiscard]] Holds holds(const nlohmann::json& match, const MailPacket& packet, const NamedSets& sets,
                          const std::string& table);

// The same for a value and what it is compared with, as in a verdict map.
[[nodiscard]] Holds equals(const nlohmann::json& left, const nlohmann::json& right, const MailPacket& packet,
                           const NamedSets& sets, const std::string& table);

// The member of an object; null when there is none, or it is no object.
[[nodiscard]] const nlohmann::json* member(const nlohmann::json& object, const char* name);
// Empty when it is no text.
[[nodiscard]] std::string text_of(const nlohmann::json* value);

}  // namespace tecs
