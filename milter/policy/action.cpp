#include "milter/policy/action.hpp"

#include <array>
#include <cstddef>

namespace tecs {
namespace {

constexpr std::array<std::string_view, 5> actions{"accept", "none", "delay", "greylist", "reject"};
constexpr std::array<std::string_view, 2> modes{"monitor", "enforce"};

template <typename Value, std::size_t count>
std::optional<Value> find(const std::array<std::string_view, count>& words, std::string_view word) noexcept {
  for (std::size_t index = 0; index < count; ++index) {
    if (words[index] == word) return static_cast<Value>(index);
  }
  return std::nullopt;
}

}  // namespace

std::string_view word(Action action) noexcept {
  return actions.at(static_cast<std::size_t>(action));
}

std::string_view word(PolicyMode mode) noexcept {
  return modes.at(static_cast<std::size_t>(mode));
}

std::optional<Action> parse_action(std::string_view word) noexcept {
  return find<Action>(actions, word);
}

std::optional<PolicyMode> parse_policy_mode(std::string_view word) noexcept {
  return find<PolicyMode>(modes, word);
}

}  // namespace tecs
