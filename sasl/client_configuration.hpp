// As whom the client's side of the plugin may sign, and with which keys: lines of "key = value", by default
// in /etc/tecs/sasl-client.conf.
#pragma once

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "tecs/domain.hpp"
#include "tecs/error.hpp"
#include "tecs/nat_rule.hpp"

namespace tecs {

// Plain value.
struct ClientConfiguration {
  // identity: "DOMAIN SELECTOR KEYFILE", words as in the signer's file of identities; SELECTOR is - for none.
  struct Entry {
    Domain domain;
    std::optional<Selector> selector;
    std::string key_file;  // as it is written from the root, or from the folder of the configuration file
  };

  static constexpr const char* standard_path = "/etc/tecs/sasl-client.conf";
  static constexpr std::size_t maximum_entries = 10'000;

  std::vector<Entry> entries{};              // at least one, and no domain twice
  NatRule nat{};                             // nat
  std::chrono::milliseconds challenge_skew;  // challenge-skew: see signed_view()

  // Null when that domain is not to be signed for.
  [[nodiscard]] const Entry* find(const Domain& domain) const noexcept;

  // name is what errors call the file. Fails with bad_option and a sentence that begins "name:line: ", or
  // "name: ".
  [[nodiscard]] static Expected<ClientConfiguration> read(std::istream& stream, const std::string& name);
  [[nodiscard]] static Expected<ClientConfiguration> read_file(const std::string& path);
};

}  // namespace tecs
