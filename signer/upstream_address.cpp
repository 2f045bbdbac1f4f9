#include "signer/upstream_address.hpp"

#include "signer/host_name.hpp"
#include "signer/listen_address.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::string_view original = "original-destination";

}  // namespace

Expected<UpstreamAddress> parse_upstream_address(std::string_view text) {
  if (text == original) return OriginalDestination{};
  if (const auto endpoint = Endpoint::parse(text)) return *endpoint;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    const auto host = parse_host_name(text.substr(0, colon));
    const auto port = parse_port(text.substr(colon + 1));
    if (host && port) return HostAndPort{*host, *port};
  }
  return failure(Reason::bad_option,
                 "\"" + printable_text(text, 300) + "\" is neither " + std::string(original) +
                     " nor a host with a port, like mx.example.com:25 or [2001:db8::25]:25");
}

std::string format(const UpstreamAddress& upstream) {
  if (const auto* const endpoint = std::get_if<Endpoint>(&upstream)) return endpoint->format();
  if (const auto* const host = std::get_if<HostAndPort>(&upstream)) {
    return host->host + ":" + std::to_string(host->port);
  }
  return std::string(original);
}

}  // namespace tecs
