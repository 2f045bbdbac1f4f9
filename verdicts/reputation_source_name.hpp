// A place to ask for reputation, as somebody writes it: the value of the option `reputation`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tecs/domain.hpp"
#include "tecs/error.hpp"
#include "tecs/ip_address.hpp"
#include "verdicts/reputation.hpp"

namespace tecs {

// Immutable value; thread safe.
class ReputationSourceName {
 public:
  struct File {
    std::string path;
  };
  // What an A record of a list means. Each address is one of 127.0.0.0/8 that may be a listing.
  using AddressMap = std::vector<std::pair<IpAddress, Reputation>>;
  struct Zone {
    Domain zone;
    AddressMap addresses;  // empty: TXT is asked, which has the word
  };
  struct Store {};

  static constexpr std::size_t maximum_addresses = 64;

  // "file:PATH", "dns:ZONE", "dns:ZONE?127.0.0.2=bad,127.0.0.3=medium" or "store". Fails with bad_option.
  [[nodiscard]] static Expected<ReputationSourceName> parse(std::string_view text);

  // For verdicts, logs and metrics: as written, without the addresses.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] const std::variant<File, Zone, Store>& place() const noexcept { return place_; }

 private:
  ReputationSourceName(std::string text, std::variant<File, Zone, Store> place) noexcept
      : text_(std::move(text)), place_(std::move(place)) {}

  std::string text_;
  std::variant<File, Zone, Store> place_;
};

// An A record that no list uses for a listing: outside of 127.0.0.0/8 (RFC 5782 section 2.1), or in
// 127.255.255.0/24, with which lists say that they refuse to answer.
[[nodiscard]] bool is_list_error(const IpAddress& address) noexcept;

}  // namespace tecs
