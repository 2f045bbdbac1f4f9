// What a score stands for, and whether that is done.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tecs {

// accept: so good that content filters may skip it. It is a mark: TECS itself lets no mail past anybody.
enum class Action : std::uint8_t { accept, none, delay, greylist, reject };

enum class PolicyMode : std::uint8_t {
  monitor,  // marks and logs
  enforce,  // and acts
};

// As written in headers, verdicts and options: the enumerator's name.
[[nodiscard]] std::string_view word(Action action) noexcept;
[[nodiscard]] std::string_view word(PolicyMode mode) noexcept;

// The inverse. Empty for anything else.
[[nodiscard]] std::optional<Action> parse_action(std::string_view word) noexcept;
[[nodiscard]] std::optional<PolicyMode> parse_policy_mode(std::string_view word) noexcept;

}  // namespace tecs
