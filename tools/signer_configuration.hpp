// The configuration of tecs-signer, as far as what is around it has to fit: `tecs check signer` reads it with
// eyes of its own, and leaves it to the signer to complain of the rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tecs/ip_address.hpp"
#include "tools/machine.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// Plain value.
struct SignerConfiguration {
  struct Listener {
    IpAddress address;  // may be unspecified: all of the family, and for IPv6 IPv4 too
    std::uint16_t port;
    std::string text;
    unsigned line = 0;  // 0: the default

    [[nodiscard]] bool takes(const IpAddress& destination, std::uint16_t at) const noexcept;
  };
  struct Key {
    std::string domain;
    std::string selector;  // empty: none
    std::string path;
    std::string file;  // where that stands
    unsigned line = 0;
  };

  std::string file;
  std::vector<Listener> listeners;
  std::string upstream;  // empty: the file has none
  unsigned upstream_line = 0;
  std::string source;  // empty: the default
  unsigned source_line = 0;
  std::optional<std::string> user;
  std::vector<Key> keys;  // each once

  [[nodiscard]] bool original_destination() const { return upstream == "original-destination"; }
};

// No more keys than that are looked at.
inline constexpr std::size_t maximum_checked_keys = 100;

// Fails with no_input when a file cannot be read, and with data_error when a line is not understood.
[[nodiscard]] Outcome<SignerConfiguration> read_signer_configuration(const std::string& file,
                                                                     const Machine& machine);

}  // namespace tecs
