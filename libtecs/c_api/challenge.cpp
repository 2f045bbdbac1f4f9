#include "tecs/challenge.hpp"

#include <algorithm>
#include <string>

#include "c_api/call.hpp"
#include "c_api/connection.hpp"
#include "c_api/encoding.hpp"
#include "tecs/signed_view.hpp"

namespace tecs {
namespace {

Expected<std::optional<Challenge>> parse_challenge(std::string_view text, int encoding) {
  if (const auto known = check_encoding(encoding); !known) return tl::unexpected(known.error());
  return encoding == TECS_BASE64 ? Challenge::parse_base64(text) : Challenge::parse(text);
}

Expected<SignedView> own_view(const tecs_tuple* tuple, const std::int64_t* time) {
  if (tuple == nullptr) return missing("tuple");
  if (time == nullptr) return missing("time");
  const auto checked_tuple = checked(*tuple);
  if (!checked_tuple) return tl::unexpected(checked_tuple.error());
  return checked_time(*time).map([&](std::chrono::sys_seconds now) {
    return SignedView{*checked_tuple, now};
  });
}

}  // namespace
}  // namespace tecs

using tecs::Expected;

int tecs_challenge_use(const char* challenge, size_t length, int encoding, unsigned skew, tecs_tuple* tuple,
                       int64_t* time, tecs_error** error) {
  return tecs::done(error, [&]() -> Expected<void> {
    const auto own = tecs::own_view(tuple, time);
    if (!own) return tl::unexpected(own.error());
    const std::chrono::seconds checked_skew{skew};
    if (checked_skew > tecs::longest_challenge_skew)
      return tecs::failure(tecs::Reason::bad_option, "skew is more than 3600 seconds");
    const auto parsed = tecs::view_of(challenge, length, "challenge").and_then([&](std::string_view text) {
      return tecs::parse_challenge(text, encoding);
    });
    if (!parsed) return tl::unexpected(parsed.error());
    const tecs::SignedView view = tecs::signed_view(*own, *parsed, checked_skew);
    tuple->source = tecs::plain(view.tuple.source());
    *time = view.time.time_since_epoch().count();
    return {};
  });
}

int tecs_challenge_format(const tecs_endpoint* client, int64_t time, int encoding, char* text,
                          tecs_error** error) {
  return tecs::done(error, [&]() -> Expected<void> {
    if (client == nullptr) return tecs::missing("client");
    if (text == nullptr) return tecs::missing("text");
    if (const auto known = tecs::check_encoding(encoding); !known) return tl::unexpected(known.error());
    const auto endpoint = tecs::checked(*client);
    if (!endpoint) return tl::unexpected(endpoint.error());
    const auto now = tecs::checked_time(time);
    if (!now) return tl::unexpected(now.error());
    // 65 octets at most, 88 in base64, of TECS_CHALLENGE_SIZE.
    const tecs::EncodedText formatted = tecs::encoded_text(tecs::Challenge{*endpoint, *now}.format());
    const std::string& wanted = formatted[static_cast<std::size_t>(encoding)];
    *std::copy(wanted.begin(), wanted.end(), text) = '\0';
    return {};
  });
}
