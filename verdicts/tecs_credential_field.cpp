#include "verdicts/tecs_credential_field.hpp"

#include <algorithm>
#include <charconv>

#include "tecs/tag_list.hpp"

namespace tecs {
namespace {

auto bad(std::string_view what) {
  return malformed(ComplaintReason::bad_field,
                   std::string(TecsCredentialField::name) + ": " + std::string(what));
}

Claimed<std::string_view> required(const TagList& tags, std::string_view name) {
  const auto value = tags.find(name);
  if (!value || value->empty()) return bad(std::string(name) + "= is missing");
  return *value;
}

Claimed<Endpoint> endpoint_of(const TagList& tags, std::string_view name) {
  const auto text = required(tags, name);
  if (!text) return tl::unexpected(text.error());
  const auto endpoint = Endpoint::parse(*text);
  if (!endpoint) return bad(std::string(name) + "= is no address with a port");
  return *endpoint;
}

Claimed<ConnectionTuple> tuple_of(const TagList& tags) {
  const auto destination = endpoint_of(tags, "destination");
  if (!destination) return tl::unexpected(destination.error());
  const auto source = endpoint_of(tags, "source");
  if (!source) return tl::unexpected(source.error());
  const auto tuple = ConnectionTuple::make(*destination, *source);
  if (!tuple) return bad(tuple.error().sentence);
  return *tuple;
}

Claimed<std::optional<Epoch>> epoch_of(const TagList& tags) {
  const auto text = tags.find("epoch");
  if (!text) return std::optional<Epoch>();
  constexpr std::int64_t latest = 253402300799;  // of the year 9999
  std::int64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc{} || rest != end || number < 0 || number > latest)
    return bad("epoch= is no time in seconds since 1970");
  const std::chrono::sys_seconds time{std::chrono::seconds{number}};
  // PROTOCOL section 3: nothing else is ever signed.
  if (Epoch::nearest(time).time() != time) return bad("epoch= is no multiple of 30");
  return std::optional(Epoch::nearest(time));
}

}  // namespace

Claimed<TecsCredentialField> TecsCredentialField::parse(std::string_view text) {
  // Twice what a credential can have in base64, for white space and the other tags.
  constexpr std::size_t maximum_text = Credential::maximum_octets * 3;
  if (text.size() > maximum_text) return bad("longer than a credential can be");
  const auto tags = TagList::parse(text);
  if (!tags) return bad("not a tag-list, or a tag stands twice");
  const auto tuple = tuple_of(*tags);
  if (!tuple) return tl::unexpected(tuple.error());
  const auto epoch = epoch_of(*tags);
  if (!epoch) return tl::unexpected(epoch.error());
  const auto folded = required(*tags, "auth");
  if (!folded) return tl::unexpected(folded.error());
  std::string auth(*folded);
  std::erase_if(auth, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  auto credential = Credential::parse_base64(auth);
  if (!credential) return bad("auth= holds no credential: " + credential.error().sentence);
  return TecsCredentialField{*tuple, *epoch, *std::move(credential), std::move(auth)};
}

std::string TecsCredentialField::format() const {
  constexpr std::size_t width = 75;  // and the white space before
  std::string text =
      "destination=" + tuple.destination().format() + ";\n source=" + tuple.source().format() + ";";
  if (epoch) text += "\n epoch=" + std::to_string(epoch->time().time_since_epoch().count()) + ";";
  const std::string last = "auth=" + auth;
  for (std::size_t start = 0; start < last.size(); start += width) text += "\n " + last.substr(start, width);
  return text;
}

}  // namespace tecs
