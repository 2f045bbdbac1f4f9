#include "verdicts/reputation.hpp"

#include <strings.h>

#include <array>
#include <cstddef>

namespace tecs {
namespace {

constexpr std::array<std::string_view, 4> words{"unknown", "good", "medium", "bad"};

}  // namespace

std::string_view word(Reputation reputation) noexcept {
  return words.at(static_cast<std::size_t>(reputation));
}

std::optional<Reputation> parse_reputation(std::string_view text) noexcept {
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string_view candidate = words[index];
    if (text.size() == candidate.size() && strncasecmp(text.data(), candidate.data(), text.size()) == 0)
      return static_cast<Reputation>(index);
  }
  return std::nullopt;
}

}  // namespace tecs
