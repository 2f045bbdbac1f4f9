#include "tecs/challenge.hpp"

#include <charconv>
#include <cstdint>

#include "tecs/base64.hpp"
#include "tecs/tag_list.hpp"

namespace tecs {
namespace {

tl::unexpected<Error> bad(std::string sentence) {
  return failure(Reason::bad_challenge, "the server's challenge " + std::move(sentence));
}

// Digits alone: from_chars would take a sign for a signed number, and refuses one for this.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  std::uint64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (seconds > static_cast<std::uint64_t>(Challenge::latest_time.time_since_epoch().count())) {
    return std::nullopt;
  }
  return std::chrono::sys_seconds{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
}

}  // namespace

Expected<std::optional<Challenge>> Challenge::parse(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.size() > maximum_octets) return bad("is longer than 512 octets");
  const auto tags = TagList::parse(text);
  if (!tags) return bad(tags.error().sentence);
  const auto client = Endpoint::parse(tags->find("c").value_or(""));
  if (!client) return bad("has no c= that is an end point");
  const auto time = parse_time(tags->find("t").value_or(""));
  if (!time) return bad("has no t= that is a time");
  return Challenge{*client, *time};
}

Expected<std::optional<Challenge>> Challenge::parse_base64(std::string_view base64) {
  // Before decoding: four digits hold three octets (RFC 4648 section 4).
  if (base64.size() > (maximum_octets + 2) / 3 * 4) return bad("is longer than 512 octets");
  const auto octets = decode_base64(base64);
  if (!octets) return bad("is not base64");
  return parse(text_of(*octets));
}

std::string Challenge::format() const {
  return "c=" + client.format() + "; t=" + std::to_string(time.time_since_epoch().count());
}

}  // namespace tecs
