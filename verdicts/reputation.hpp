// What a domain is worth (PROTOCOL section 8): four states, and who said so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tecs {

enum class Reputation : std::uint8_t { unknown, good, medium, bad };

// As written in lists, verdicts and zones: the enumerator's name.
[[nodiscard]] std::string_view word(Reputation reputation) noexcept;

// The inverse; letters of either case. Empty for anything else.
[[nodiscard]] std::optional<Reputation> parse_reputation(std::string_view word) noexcept;

// Plain value.
struct ReputationAnswer {
  Reputation reputation = Reputation::unknown;
  std::string source;  // as configured, for example "dns:rep.example.net"; empty: no source knows the domain
  std::string domain;  // that the source has: the one asked for, or its organizational domain

  friend bool operator==(const ReputationAnswer&, const ReputationAnswer&) = default;
};

}  // namespace tecs
