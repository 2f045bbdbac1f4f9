// The TXT record that publishes a key (RFC 6376 section 3.6.1, RFC 8463, PROTOCOL section 4).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/api.hpp"
#include "tecs/domain.hpp"
#include "tecs/error.hpp"
#include "tecs/public_key.hpp"
#include "tecs/signing_key.hpp"

namespace tecs {

// Plain value; the key in it is shared.
struct TECS_API KeyRecord {
  static constexpr std::size_t maximum_octets = 16 * 1024;  // of TXT data per name

  // text: the strings of one TXT record, joined. Lengths are checked before anything is decoded.
  [[nodiscard]] static Expected<KeyRecord> parse(std::string_view text, const KeyLimits& limits = {});

  // "k=rsa; p=...", for whoever keeps the key that was used: type and key as published, in base64 without
  // white space, and nothing of the other tags. parse() reads the same key from it. With KeyLimits' default
  // at most some 800 octets.
  [[nodiscard]] std::string format() const;

  KeyType type = KeyType::rsa;
  bool testing = false;          // t=y
  std::optional<PublicKey> key;  // empty: revoked (an empty p=)
};

// Chooses among all TXT records of one name. A record with no p= is not a key record and is skipped. A null
// pointer: the name has no key record, ask the next one. Fails with several_keys, key_too_large (of all
// texts), or as parse() does.
[[nodiscard]] TECS_API Expected<std::shared_ptr<const KeyRecord>> select_key_record(
    const std::vector<std::string>& texts, const KeyLimits& limits = {});

// The names under which the key of a credential is looked up, in order; at most two. A name too
// long for DNS is left out, since nothing can stand there.
[[nodiscard]] TECS_API std::vector<std::string> key_names(const Domain& domain,
                                                          const std::optional<Selector>& selector);

// The record to publish for a key: "v=DKIM1; k=rsa; p=...".
[[nodiscard]] TECS_API std::string format_key_record(const SigningKey& key);

}  // namespace tecs
