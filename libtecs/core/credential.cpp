#include "tecs/credential.hpp"

#include "tecs/base64.hpp"
#include "tecs/tag_list.hpp"

namespace tecs {
namespace {

// q= lists methods with colons between (RFC 6376 section 3.5); one that is known is enough.
bool knows_query_method(std::string_view list) noexcept {
  constexpr std::string_view white_space = " \t\r\n";
  for (;;) {
    const std::size_t colon = list.find(':');
    std::string_view method = list.substr(0, colon);
    method.remove_prefix(std::min(method.find_first_not_of(white_space), method.size()));
    method = method.substr(0, method.find_last_not_of(white_space) + 1);
    if (method == "dns" || method == "dns/txt") return true;
    if (colon == std::string_view::npos) return false;
    list.remove_prefix(colon + 1);
  }
}

Expected<Octets> parse_signature(const TagList& tags) {
  const auto text = tags.find("b");
  if (!text || text->empty()) return failure(Reason::missing_tag, "b= is missing or empty");
  auto signature = decode_folded_base64(*text);
  if (!signature || signature->empty()) return failure(Reason::bad_signature, "b= is not base64");
  return std::move(*signature);
}

Expected<Domain> parse_signing_domain(const TagList& tags) {
  const auto text = tags.find("d");
  if (!text || text->empty()) return failure(Reason::missing_tag, "d= is missing or empty");
  return Domain::parse(*text);
}

}  // namespace

Expected<Credential> Credential::parse(std::string_view text) {
  if (text.size() > maximum_octets) {
    return failure(Reason::credential_too_long, "the credential is longer than 4096 octets");
  }
  const auto tags = TagList::parse(text);
  if (!tags) return tl::unexpected(tags.error());

  const auto algorithm = parse_algorithm(tags->find("a").value_or("rsa-sha256"));
  if (!algorithm)
    return failure(Reason::unknown_algorithm, "a= names an algorithm that TECS-1 does not have");
  if (!knows_query_method(tags->find("q").value_or("dns"))) {
    return failure(Reason::unknown_query, "q= lists no method that TECS-1 has");
  }
  auto domain = parse_signing_domain(*tags);
  if (!domain) return tl::unexpected(domain.error());

  std::optional<Selector> selector;
  if (const auto value = tags->find("s")) {
    auto parsed = Selector::parse(*value);
    if (!parsed) return tl::unexpected(parsed.error());
    selector = std::move(*parsed);
  }
  auto signature = parse_signature(*tags);
  if (!signature) return tl::unexpected(signature.error());
  return Credential{*algorithm, std::move(*domain), std::move(selector), std::move(*signature)};
}

Expected<Credential> Credential::parse_base64(std::string_view base64) {
  return decode_response(base64).and_then([](const std::string& text) { return parse(text); });
}

std::string Credential::format(Defaults defaults) const {
  std::string text;
  if (defaults == Defaults::written || algorithm != Algorithm::rsa_sha256) {
    text.append("a=").append(tecs::format(algorithm)).append("; ");
  }
  if (defaults == Defaults::written) text.append("q=dns; ");
  text.append("d=").append(domain.text()).append("; ");
  if (selector) text.append("s=").append(selector->text()).append("; ");
  return text.append("b=").append(encode_base64(signature));
}

Expected<std::string> decode_response(std::string_view base64) {
  // Before decoding: no text of more characters than this can decode to a credential that is short enough.
  constexpr std::size_t maximum_text = (Credential::maximum_octets + 2) / 3 * 4;
  if (base64.size() > maximum_text) {
    return failure(Reason::credential_too_long, "the credential is longer than 4096 octets");
  }
  const auto octets = decode_base64(base64);
  if (!octets) return failure(Reason::bad_base64, "the response is not base64");
  if (octets->size() > Credential::maximum_octets) {
    return failure(Reason::credential_too_long, "the credential is longer than 4096 octets");
  }
  return std::string(text_of(*octets));
}

}  // namespace tecs
