// The options of `tecs probe`, and what they mean once checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "smtp/tls_plan.hpp"
#include "tecs/ip_address.hpp"
#include "tecs/signer.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

// "mx.example.net", "mx.example.net:25", "192.0.2.25", "192.0.2.25:25", "2001:db8::25",
// "[2001:db8::25]:25".
struct ProbeTarget {
  std::string host;                  // as it was written, without brackets
  std::optional<IpAddress> address;  // when that is one
  std::uint16_t port = 25;

  // Fails with bad_option.
  [[nodiscard]] static Expected<ProbeTarget> parse(std::string_view text);
};

struct ProbeOptions {
  ProbeTarget target;
  std::shared_ptr<const Signer> signer;  // null: nothing is to be signed
  bool challenge = false;
  TlsPlan tls;
  std::string helo;
  std::optional<IpAddress> source;
  std::chrono::milliseconds timeout;
};

void add_probe_options(OptionTable& table);
[[nodiscard]] Outcome<ProbeOptions> read_probe_options(const OptionValues& values,
                                                       const Environment& environment);

}  // namespace tecs
