#include "tools/nat_match.hpp"

#include <algorithm>

#include "tecs/network.hpp"

namespace tecs {
namespace {

using Json = nlohmann::json;

constexpr std::string_view signer_unit = "tecs-signer";

// What is known of the left side: a number, an address, a name; not even that.
struct NotThis {
  std::uint64_t value;
};
using Known = std::variant<std::monostate, std::uint64_t, NotThis, IpAddress, std::string>;

Holds yes_if(bool condition) {
  return condition ? Holds::yes : Holds::no;
}

bool is_ipv4(const MailPacket& packet) {
  return packet.destination.family() == AddressFamily::ipv4;
}

Known number_of(const std::optional<std::uint64_t>& number, const std::optional<std::uint64_t>& excluded) {
  if (number) return *number;
  if (excluded) return NotThis{*excluded};
  return {};
}

Known of_meta(const std::string& key, const MailPacket& packet) {
  if (key == "l4proto") return std::string("tcp");
  if (key == "nfproto") return std::string(is_ipv4(packet) ? "ipv4" : "ipv6");
  if (key == "skuid") return number_of(packet.user, packet.other_than_user);
  if (key == "skgid") return number_of(packet.group, packet.other_than_group);
  // Neither the signer nor an MTA sets one.
  if (key == "mark") return std::uint64_t{0};
  if ((key == "oifname" || key == "oif") && packet.hook == MailPacket::Hook::output) {
    if (packet.to_this_host) return std::string("lo");
    return std::string("(not lo)");
  }
  return {};
}

Known of_payload(const Json& payload, const MailPacket& packet) {
  const std::string protocol = text_of(member(payload, "protocol"));
  const std::string field = text_of(member(payload, "field"));
  if ((protocol == "tcp" || protocol == "th") && field == "dport") return std::uint64_t{packet.port};
  if (protocol == "udp") return std::string("(not udp)");
  if (protocol == "ip" && field == "protocol") return std::string("tcp");
  if (protocol == "ip6" && field == "nexthdr") return std::string("tcp");
  if ((protocol == "ip" || protocol == "ip6") && field == "daddr") {
    return (protocol == "ip") == is_ipv4(packet) ? Known(packet.destination) : Known(std::string("(other)"));
  }
  // A field of the other family does not match; else it depends on who sends.
  if (protocol == "ip" && !is_ipv4(packet)) return std::string("(other)");
  if (protocol == "ip6" && is_ipv4(packet)) return std::string("(other)");
  return {};
}

Known known(const Json& left, const MailPacket& packet) {
  if (const Json* meta = member(left, "meta")) return of_meta(text_of(member(*meta, "key")), packet);
  if (const Json* payload = member(left, "payload")) return of_payload(*payload, packet);
  if (const Json* fib = member(left, "fib"); fib != nullptr && text_of(member(*fib, "result")) == "type") {
    return std::string(packet.to_this_host ? "local" : "unicast");
  }
  if (const Json* state = member(left, "ct"); state != nullptr && text_of(member(*state, "key")) == "state") {
    return std::string("new");
  }
  return {};
}

// A service is known by the name of its unit.
Holds in_control_group(const Json& right, const MailPacket& packet) {
  const std::string path = right.is_string() ? right.get<std::string>() : "";
  if (path.find(signer_unit) == std::string::npos) return Holds::unknown;
  return yes_if(packet.of_signer);
}

std::optional<std::uint64_t> number_in(const Json& value) {
  return value.is_number_integer() && value.get<std::int64_t>() >= 0
             ? std::optional(static_cast<std::uint64_t>(value.get<std::int64_t>()))
             : std::nullopt;
}

Holds same(const Known& left, const Json& right);

Holds in_range(const Known& left, const Json& range) {
  if (!range.is_array() || range.size() != 2) return Holds::unknown;
  if (const auto* number = std::get_if<std::uint64_t>(&left)) {
    const auto first = number_in(range[0]);
    const auto last = number_in(range[1]);
    return first && last ? yes_if(*first <= *number && *number <= *last) : Holds::unknown;
  }
  if (const auto* address = std::get_if<IpAddress>(&left)) {
    const auto first = IpAddress::parse(text_of(&range[0]));
    const auto last = IpAddress::parse(text_of(&range[1]));
    return first && last ? yes_if(*first <= *address && *address <= *last) : Holds::unknown;
  }
  return Holds::unknown;
}

Holds in_prefix(const Known& left, const Json& prefix) {
  const auto* address = std::get_if<IpAddress>(&left);
  if (address == nullptr) return Holds::unknown;
  const auto base = IpAddress::parse(text_of(member(prefix, "addr")));
  const Json* length = member(prefix, "len");
  const auto bits = length != nullptr ? number_in(*length) : std::nullopt;
  if (!base || !bits) return Holds::unknown;
  return yes_if(Network::around(*base, static_cast<unsigned>(*bits)).contains(*address));
}

Holds in_any(const Known& left, const Json& list) {
  if (!list.is_array()) return same(left, list);
  Holds result = Holds::no;
  for (const Json& each : list) {
    const Holds one = same(left, each);
    if (one == Holds::yes) return one;
    if (one == Holds::unknown) result = one;
  }
  return result;
}

Holds same_text(const std::string& left, const std::string& right) {
  // An interface that is not lo: which one is not known.
  if (left == "(not lo)") return right == "lo" ? Holds::no : Holds::unknown;
  return yes_if(left == right);
}

Holds same(const Known& left, const Json& right) {
  if (std::holds_alternative<std::monostate>(left)) return Holds::unknown;
  if (const auto* text = std::get_if<std::string>(&left); text != nullptr && text->starts_with("(other)")) {
    return Holds::no;
  }
  if (const Json* set = member(right, "set")) return in_any(left, *set);
  if (const Json* range = member(right, "range")) return in_range(left, *range);
  if (const Json* prefix = member(right, "prefix")) return in_prefix(left, *prefix);
  if (const Json* element = member(right, "elem")) {
    const Json* value = member(*element, "val");
    return value != nullptr ? same(left, *value) : Holds::unknown;
  }
  if (const auto* number = std::get_if<std::uint64_t>(&left)) {
    const auto other = number_in(right);
    return other ? yes_if(*number == *other) : Holds::unknown;
  }
  if (const auto* excluded = std::get_if<NotThis>(&left)) {
    const auto other = number_in(right);
    return other && *other == excluded->value ? Holds::no : Holds::unknown;
  }
  if (const auto* address = std::get_if<IpAddress>(&left)) {
    const auto other = IpAddress::parse(text_of(&right));
    return other ? yes_if(*address == *other) : Holds::unknown;
  }
  return right.is_string() ? same_text(std::get<std::string>(left), right.get<std::string>())
                           : Holds::unknown;
}

Holds negated(Holds value) {
  return value == Holds::unknown ? value : yes_if(value == Holds::no);
}

}  // namespace

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string text_of(const Json* value) {
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

Holds equals(const Json& left, const Json& right, const MailPacket& packet, const NamedSets& sets,
             const std::string& table) {
  if (member(left, "socket") != nullptr) return in_control_group(right, packet);
  if (right.is_string() && right.get<std::string>().starts_with('@')) {
    const auto found = sets.find(table + " " + right.get<std::string>().substr(1));
    return found == sets.end() ? Holds::unknown : in_any(known(left, packet), found->second);
  }
  return in_any(known(left, packet), right);
}

Holds holds(const Json& match, const MailPacket& packet, const NamedSets& sets, const std::string& table) {
  const Json* left = member(match, "left");
  const Json* right = member(match, "right");
  const std::string operation = text_of(member(match, "op"));
  if (left == nullptr || right == nullptr) return Holds::unknown;
  // What comes from elsewhere has no socket here, and matches neither way.
  const Json* meta = member(*left, "meta");
  const std::string key = meta != nullptr ? text_of(member(*meta, "key")) : "";
  if (packet.hook == MailPacket::Hook::prerouting && (key == "skuid" || key == "skgid")) return Holds::no;
  const Holds equal = equals(*left, *right, packet, sets, table);
  if (operation == "==" || operation == "in") return equal;
  // What is of the other family, or not there at all, matches neither way.
  if (operation == "!=" && member(*left, "payload") != nullptr) {
    const Json* payload = member(*left, "payload");
    const std::string protocol = text_of(member(*payload, "protocol"));
    if ((protocol == "ip" && !is_ipv4(packet)) || (protocol == "ip6" && is_ipv4(packet))) return Holds::no;
  }
  return operation == "!=" ? negated(equal) : Holds::unknown;
}

}  // namespace tecs
