// The "identities" file: who answers for which connections.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signer/identity_match.hpp"
#include "signer/identity_table.hpp"
#include "tecs/domain.hpp"
#include "tecs/error.hpp"

namespace tecs {

// Plain value: "MATCH DOMAIN SELECTOR KEYFILE" or "MATCH unsigned".
struct IdentityLine {
  struct Signing {
    Domain domain;
    std::optional<Selector> selector;
    std::string key_path;
  };

  unsigned number;  // from 1
  IdentityMatch match;
  std::optional<Signing> signing;  // empty: unsigned
};

// text: what stands in the file at path, which errors name; a relative KEYFILE begins in its folder. Fails
// with bad_option and a sentence that begins "path:line: ", for a second line with the same match too.
[[nodiscard]] Expected<std::vector<IdentityLine>> parse_identities(std::string_view text,
                                                                   const std::string& path);

// What the options domain, selector and key say.
struct StandardEntry {
  Identity identity;     // never null
  std::string key_path;  // of its key
};

// Reads the file and its keys, each key once, with all processors. standard: the default entry if it is known
// already; a line for it is an error then. Whatever has the same domain, selector and key file shares an
// identity. All or nothing: fails with bad_option for the file itself, and as read_key_file() for the first
// key in it that is no good; the sentence begins "path:line: " as far as it is about a line.
[[nodiscard]] Expected<IdentityTable> load_identities(const std::string& path,
                                                      const std::optional<StandardEntry>& standard);

}  // namespace tecs
