#include "tecs/key_record.hpp"

#include <algorithm>

#include "tecs/base64.hpp"
#include "tecs/tag_list.hpp"

namespace tecs {
namespace {

constexpr std::string_view white_space = " \t\r\n";

std::string_view trimmed(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  return text.substr(0, text.find_last_not_of(white_space) + 1);
}

// h=, s= and t= are lists with colons between (RFC 6376 section 3.6.1).
template <typename Accept>
bool any_item(std::string_view list, Accept accept) {
  for (;;) {
    const std::size_t colon = list.find(':');
    if (accept(trimmed(list.substr(0, colon)))) return true;
    if (colon == std::string_view::npos) return false;
    list.remove_prefix(colon + 1);
  }
}

Expected<void> check_version(const TagList& tags) {
  const auto version = tags.find("v");
  if (!version) return {};
  if (tags.tags().front().name != "v") return failure(Reason::bad_key_record, "v= is not the first tag");
  if (*version != "DKIM1" && *version != "TECS1") {
    return failure(Reason::bad_key_record, "v= is neither DKIM1 nor TECS1");
  }
  return {};
}

Expected<void> check_uses(const TagList& tags) {
  const auto hashes = tags.find("h");
  if (hashes && !any_item(*hashes, [](std::string_view hash) { return hash == "sha256"; })) {
    return failure(Reason::bad_key_record, "h= does not list sha256");
  }
  const auto services = tags.find("s").value_or("*");
  if (!any_item(services, [](std::string_view s) { return s == "*" || s == "email" || s == "tecs"; })) {
    return failure(Reason::bad_key_record, "s= lists neither *, email nor tecs");
  }
  return {};
}

Expected<PublicKey> parse_public_key(KeyType type, std::string_view text, const KeyLimits& limits) {
  // The text's length is checked before it is decoded; folding may add white space, up to as much as there
  // are digits.
  const std::size_t maximum_text = (PublicKey::maximum_octets(limits) + 2) / 3 * 4 * 2;
  if (text.size() > maximum_text) {
    return failure(Reason::key_too_large, "p= is longer than any key that this server accepts");
  }
  const auto octets = decode_folded_base64(text);
  if (!octets) return failure(Reason::bad_key_record, "p= is not base64");
  return PublicKey::decode(type, *octets, limits);
}

std::string format_key(KeyType type, OctetView octets) {
  return "k=" + std::string(format(type)) + "; p=" + encode_base64(octets);
}

}  // namespace

Expected<KeyRecord> KeyRecord::parse(std::string_view text, const KeyLimits& limits) {
  if (text.size() > maximum_octets)
    return failure(Reason::key_too_large, "the TXT record is longer than 16 KiB");
  const auto tags = TagList::parse(text);
  if (!tags)
    return failure(Reason::bad_key_record, "the TXT record is not a tag-list: " + tags.error().sentence);
  const auto key_text = tags->find("p");
  if (!key_text) return failure(Reason::bad_key_record, "the TXT record has no p=");
  if (const auto version = check_version(*tags); !version) return tl::unexpected(version.error());

  KeyRecord record;
  record.testing = any_item(tags->find("t").value_or(""), [](std::string_view flag) { return flag == "y"; });
  // An empty p= revokes the key whatever the other tags say (RFC 6376 section 3.6.1).
  const auto type = parse_key_type(tags->find("k").value_or("rsa"));
  if (type) record.type = *type;
  if (key_text->empty()) return record;
  if (!type) return failure(Reason::bad_key_record, "k= is neither rsa nor ed25519");
  if (const auto uses = check_uses(*tags); !uses) return tl::unexpected(uses.error());
  auto key = parse_public_key(record.type, *key_text, limits);
  if (!key) return tl::unexpected(key.error());
  record.key = std::move(*key);
  return record;
}

std::string KeyRecord::format() const {
  return format_key(type, key ? key->octets() : OctetView{});
}

Expected<std::shared_ptr<const KeyRecord>> select_key_record(const std::vector<std::string>& texts,
                                                             const KeyLimits& limits) {
  std::size_t octets = 0;
  for (const std::string& text : texts) octets += text.size();
  if (octets > KeyRecord::maximum_octets) {
    return failure(Reason::key_too_large, "more than 16 KiB of TXT data stand at this name");
  }
  const auto has_key = [](const std::string& text) { return mentions_tag(text, "p"); };
  const auto first = std::find_if(texts.begin(), texts.end(), has_key);
  if (first == texts.end()) return std::shared_ptr<const KeyRecord>{};
  if (std::find_if(first + 1, texts.end(), has_key) != texts.end()) {
    return failure(Reason::several_keys, "more than one key record stands at this name");
  }
  return KeyRecord::parse(*first, limits).map([](KeyRecord record) -> std::shared_ptr<const KeyRecord> {
    return std::make_shared<const KeyRecord>(std::move(record));
  });
}

std::vector<std::string> key_names(const Domain& domain, const std::optional<Selector>& selector) {
  constexpr std::size_t maximum_name = 253;
  std::vector<std::string> names;
  if (selector) {
    names = {selector->text() + "._domainkey." + domain.text()};
  } else {
    names = {"_domainkey." + domain.text(), "_tecs." + domain.text()};
  }
  std::erase_if(names, [](const std::string& name) { return name.size() > maximum_name; });
  return names;
}

std::string format_key_record(const SigningKey& key) {
  return "v=DKIM1; " + format_key(key.type(), key.public_octets());
}

}  // namespace tecs
