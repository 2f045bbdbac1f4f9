// The one table of a verdict's fields. JSON, the table in a database, and every statement are made from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "tecs/reason.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// What a field is outside of this program. A field that can be absent is a null there.
enum class FieldType : std::uint8_t { text, integer, real, boolean };

// A member on its way out. Durations are whole microseconds, the epoch and its offset whole seconds, the time
// is RFC 3339 in UTC with milliseconds: of fixed width, so that its texts sort as the times do.
[[nodiscard]] inline const std::string& encode_field(const std::string& value) noexcept {
  return value;
}
[[nodiscard]] inline std::int64_t encode_field(std::uint32_t value) noexcept {
  return value;
}
[[nodiscard]] inline std::int64_t encode_field(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value);
}
[[nodiscard]] inline std::int64_t encode_field(std::chrono::microseconds value) noexcept {
  return value.count();
}
[[nodiscard]] inline bool encode_field(bool value) noexcept {
  return value;
}
[[nodiscard]] inline std::string_view encode_field(Result value) noexcept {
  return word(value);
}
[[nodiscard]] std::string encode_field(Verdict::Time value);
[[nodiscard]] inline std::optional<std::int64_t> encode_field(
    const std::optional<std::chrono::seconds>& value) noexcept {
  return value ? std::optional<std::int64_t>(value->count()) : std::nullopt;
}
[[nodiscard]] inline std::optional<std::int64_t> encode_field(
    const std::optional<std::chrono::sys_seconds>& value) noexcept {
  return value ? std::optional<std::int64_t>(value->time_since_epoch().count()) : std::nullopt;
}
[[nodiscard]] inline const std::optional<double>& encode_field(const std::optional<double>& value) noexcept {
  return value;
}

// The way back. False: that is no such value, and the member is unchanged.
[[nodiscard]] bool decode_field(std::string_view text, std::string& value);
[[nodiscard]] bool decode_field(std::string_view text, Result& value) noexcept;
[[nodiscard]] bool decode_field(std::string_view text, Verdict::Time& value) noexcept;
[[nodiscard]] bool decode_field(std::int64_t number, std::uint32_t& value) noexcept;
[[nodiscard]] bool decode_field(std::int64_t number, std::uint64_t& value) noexcept;
[[nodiscard]] bool decode_field(std::int64_t number, std::chrono::microseconds& value) noexcept;
[[nodiscard]] bool decode_field(std::int64_t number, std::optional<std::chrono::seconds>& value) noexcept;
[[nodiscard]] bool decode_field(std::int64_t number, std::optional<std::chrono::sys_seconds>& value) noexcept;
[[nodiscard]] bool decode_field(double number, std::optional<double>& value) noexcept;

template <typename T>
inline constexpr bool is_optional = false;
template <typename T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <typename Member>
struct VerdictField {
  std::string_view name;
  Member Verdict::*member;

  static constexpr bool can_be_absent = is_optional<Member>;

  [[nodiscard]] static constexpr FieldType type() noexcept {
    using Encoded = std::decay_t<decltype(encode_field(std::declval<const Member&>()))>;
    if constexpr (std::is_same_v<Encoded, bool>) return FieldType::boolean;
    if constexpr (std::is_convertible_v<Encoded, std::string_view>) return FieldType::text;
    if constexpr (std::is_same_v<Encoded, std::optional<double>>) return FieldType::real;
    return FieldType::integer;
  }
};

template <typename Member>
VerdictField(std::string_view, Member Verdict::*)
    -> VerdictField<Member>;  // clang 16 does not see it by itself

inline constexpr std::tuple verdict_fields{
    VerdictField{"id", &Verdict::id},
    VerdictField{"time", &Verdict::time},
    VerdictField{"receiver", &Verdict::receiver},
    VerdictField{"server", &Verdict::server},
    VerdictField{"client", &Verdict::client},
    VerdictField{"client_network", &Verdict::client_network},
    VerdictField{"helo", &Verdict::helo},
    VerdictField{"tls", &Verdict::tls},
    VerdictField{"result", &Verdict::result},
    VerdictField{"reason", &Verdict::reason},
    VerdictField{"detail", &Verdict::detail},
    VerdictField{"domain", &Verdict::domain},
    VerdictField{"organizational_domain", &Verdict::organizational_domain},
    VerdictField{"selector", &Verdict::selector},
    VerdictField{"algorithm", &Verdict::algorithm},
    VerdictField{"key_bits", &Verdict::key_bits},
    VerdictField{"dnssec", &Verdict::dnssec},
    VerdictField{"testing", &Verdict::testing},
    VerdictField{"epoch", &Verdict::epoch},
    VerdictField{"epoch_offset", &Verdict::epoch_offset},
    VerdictField{"credential", &Verdict::credential},
    VerdictField{"key_record", &Verdict::key_record},
    VerdictField{"reputation", &Verdict::reputation},
    VerdictField{"reputation_source", &Verdict::reputation_source},
    VerdictField{"score", &Verdict::score},
    VerdictField{"symbols", &Verdict::symbols},
    VerdictField{"action", &Verdict::action},
    VerdictField{"mode", &Verdict::mode},
    VerdictField{"messages", &Verdict::messages},
    VerdictField{"recipients", &Verdict::recipients},
    VerdictField{"bytes", &Verdict::bytes},
    VerdictField{"duration", &Verdict::duration},
    VerdictField{"dns_time", &Verdict::dns_time},
    VerdictField{"verification_time", &Verdict::verification_time},
};

// Calls visit(field) for each, in the order of the table.
template <typename Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, verdict_fields);
}

}  // namespace tecs
