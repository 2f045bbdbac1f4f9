// The factors of a score, by name. A symbol is what an administrator reads in the header and the verdict, and
// gives a weight in the configuration.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "milter/policy/score.hpp"

namespace tecs {

// In the order in which they are listed.
enum class Symbol : std::uint8_t {
  exempt,          // by a list of the administrator's; has no weight, as nothing is done
  tecs_pass,       //
  tecs_none,       // the client did not try, or failed for a domain that is testing (t=y)
  tecs_fail,       //
  tecs_policy,     //
  tecs_permerror,  //
  tecs_temperror,  //
  tecs_replay,     // instead of tecs_fail
  rep_good,        // the reputation of the domain; after a pass only, and if somebody was asked
  rep_unknown,     //
  rep_medium,      //
  rep_bad,         //
  tecs_weak_key,   // the signature is right, with an RSA key shorter than 2048 bits
  tecs_dnssec,     // a pass, and every answer of DNS that it needed was validated
};

inline constexpr std::size_t symbol_count = 14;

// As written in headers, verdicts and options: the enumerator's name in capitals.
[[nodiscard]] std::string_view word(Symbol symbol) noexcept;

// The inverse. Empty for anything else.
[[nodiscard]] std::optional<Symbol> parse_symbol(std::string_view word) noexcept;

// The weight of every symbol. Plain value.
class Weights {
 public:
  Weights() noexcept;  // the defaults

  [[nodiscard]] Score of(Symbol symbol) const noexcept;
  void set(Symbol symbol, Score weight) noexcept;

 private:
  std::array<Score, symbol_count> weights_;
};

}  // namespace tecs
