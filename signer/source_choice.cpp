#include "signer/source_choice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tecs {
namespace {

constexpr std::array<std::pair<SourceChoice, std::string_view>, 3> words{{
    {SourceChoice::mta, "mta"},
    {SourceChoice::system, "system"},
    {SourceChoice::transparent, "transparent"},
}};

}  // namespace

std::string_view word(SourceChoice choice) noexcept {
  return std::ranges::find(words, choice, &decltype(words)::value_type::first)->second;
}

Expected<SourceChoice> parse_source_choice(std::string_view text) {
  const auto* const found = std::ranges::find(words, text, &decltype(words)::value_type::second);
  if (found != words.end()) return found->first;
  return failure(Reason::bad_option, "must be mta, system or transparent");
}

}  // namespace tecs
