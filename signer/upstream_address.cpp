#include "signer/upstream_address.hpp"

#include <algorithm>

#include "signer/listen_address.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::string_view original = "original-destination";

// RFC 1123 section 2.1. One label is enough here: the resolver may know it. A last label of digits would be a
// mistyped address.
bool is_host_name(std::string_view name) noexcept {
  static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";
  static constexpr std::string_view digits = "0123456789";
  if (name.empty() || name.size() > 253) return false;
  for (;;) {
    const std::size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (label.find_first_not_of(alphabet) != std::string_view::npos) return false;
    if (dot == std::string_view::npos) return label.find_first_not_of(digits) != std::string_view::npos;
    name.remove_prefix(dot + 1);
  }
}

std::string in_lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return result;
}

}  // namespace

Expected<UpstreamAddress> parse_upstream_address(std::string_view text) {
  if (text == original) return OriginalDestination{};
  if (const auto endpoint = Endpoint::parse(text)) return *endpoint;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    const std::string host = in_lower_case(text.substr(0, colon));
    const auto port = parse_port(text.substr(colon + 1));
    if (port && is_host_name(host)) return HostAndPort{host, *port};
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
