#include "signer/destination_line.hpp"

#include <vector>

#include "program/option_value.hpp"
#include "program/text_lines.hpp"
#include "signer/host_name.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::size_t shown = 100;

using ConnectionCount = Number<0, 1'000'000>;

Expected<std::variant<AnyDestination, Network, std::string>> parse_destination(std::string_view text) {
  if (text == "default") return AnyDestination{};
  // Only these have a colon or a slash, or a last label of digits.
  const bool is_network =
      text.find_first_of(":/") != std::string_view::npos ||
      (!text.empty() && text.back() >= '0' && text.back() <= '9' && !parse_host_name(text));
  if (is_network) {
    const auto network = Network::parse(text);
    if (!network) return tl::unexpected(network.error());
    return *network;
  }
  auto host = parse_host_name(text);
  if (host) return std::move(*host);
  return failure(Reason::bad_option, "\"" + printable_text(text, shown) +
                                         "\" is not an address, a network, the name of a host or default");
}

Expected<void> parse_setting(std::string_view text, DestinationLine& line) {
  const std::size_t sign = text.find('=');
  const std::string_view key = text.substr(0, sign);
  const std::string_view value = sign == std::string_view::npos ? "" : text.substr(sign + 1);
  const auto twice = [key] { return failure(Reason::bad_option, std::string(key) + "= stands twice"); };
  const auto in_place = [key](const Error& error) {
    return Error{error.reason, std::string(key) + "=: " + error.sentence};
  };
  if (key == "name") {
    if (!line.name.empty()) return twice();
    return parse_host_name(value)
        .map([&line](std::string name) { line.name = std::move(name); })
        .map_error(in_place);
  }
  if (key == "signature") {
    if (line.signature) return twice();
    return parse_signature_demand(value)
        .map([&line](SignatureDemand demand) { line.signature = demand; })
        .map_error(in_place);
  }
  if (key == "connections") {
    if (line.maximum_connections) return twice();
    return ConnectionCount::parse(value)
        .map([&line](ConnectionCount count) { line.maximum_connections = count.value; })
        .map_error(in_place);
  }
  return failure(Reason::bad_option,
                 "\"" + printable_text(text, shown) +
                     "\" is not name=HOST, signature=never|may|offered|always or connections=N");
}

Expected<void> check_name(const DestinationLine& line) {
  const bool is_network = std::holds_alternative<Network>(line.destination);
  const bool needed = line.tls == TlsLevel::verify || line.tls == TlsLevel::dane;
  if (is_network && needed && line.name.empty()) {
    return failure(Reason::bad_option,
                   std::string(word(line.tls)) +
                       " for an address needs name=HOST: an address does not tell which name the server's "
                       "certificate must have");
  }
  if (!is_network && !line.name.empty()) {
    return failure(Reason::bad_option, "name= is for an address or a network only");
  }
  return {};
}

}  // namespace

Expected<DestinationLine> DestinationLine::parse(std::string_view content) {
  const std::vector<std::string_view> words = words_of_line(content);
  if (words.size() < 2) {
    return failure(Reason::bad_option, "a line is a destination and its TLS level, like 192.0.2.25 encrypt");
  }
  auto destination = parse_destination(words[0]);
  if (!destination) return tl::unexpected(destination.error());
  const auto level = parse_tls_level(words[1]);
  if (!level) return tl::unexpected(level.error());
  DestinationLine line{std::move(*destination), *level};
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto parsed = parse_setting(words[i], line);
    if (!parsed) return tl::unexpected(parsed.error());
  }
  return check_name(line).map([&line] { return std::move(line); });
}

DestinationPolicy DestinationLine::policy(const DestinationPolicy& standard) const {
  return {.tls = tls,
          .name = name,
          .signature = signature.value_or(standard.signature),
          .maximum_connections = maximum_connections.value_or(standard.maximum_connections)};
}

}  // namespace tecs
