#include "milter/milter_macros.hpp"

#include <strings.h>

#include <charconv>
#include <string>

namespace tecs {
namespace {

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool remove_prefix(std::string_view& text, std::string_view prefix) {
  if (text.size() < prefix.size() || strncasecmp(text.data(), prefix.data(), prefix.size()) != 0)
    return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<Endpoint> endpoint(std::string_view address, std::uint16_t port) {
  remove_prefix(address, "IPv6:");
  const auto parsed = IpAddress::parse(address);
  if (!parsed) return std::nullopt;
  const auto made = Endpoint::make(*parsed, port);
  return made ? std::optional(*made) : std::nullopt;
}

}  // namespace

std::optional<Endpoint> server_endpoint(std::string_view if_addr, std::string_view daemon_addr,
                                        std::string_view daemon_port) {
  const auto port = parse_number<std::uint16_t>(daemon_port);
  if (!port) return std::nullopt;
  const auto real = endpoint(if_addr, *port);
  return real ? real : endpoint(daemon_addr, *port);
}

std::optional<std::uint32_t> process_id(std::string_view tecs_pid) {
  const auto number = parse_number<std::uint32_t>(tecs_pid);
  return number && *number > 0 ? number : std::nullopt;
}

MtaSoftware mta_software(std::string_view v) noexcept {
  return !v.empty() && v[0] >= '0' && v[0] <= '9' ? MtaSoftware::sendmail : MtaSoftware::postfix;
}

std::optional<std::uint64_t> declared_size(std::string_view mail_parameter) {
  if (!remove_prefix(mail_parameter, "SIZE=")) return std::nullopt;
  return parse_number<std::uint64_t>(mail_parameter);
}

}  // namespace tecs
