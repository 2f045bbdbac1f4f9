#include "program/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace tecs {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  milliseconds length;
};

// Longest first: format_duration() takes the first that fits.
constexpr std::array<Unit, 5> units{{{"d", std::chrono::days{1}},
                                     {"h", std::chrono::hours{1}},
                                     {"m", std::chrono::minutes{1}},
                                     {"s", std::chrono::seconds{1}},
                                     {"ms", milliseconds{1}}}};

tl::unexpected<Error> bad_duration() {
  return failure(Reason::bad_option,
                 "not a duration: write a whole number and ms, s, m, h or d, such as 500ms, 2s or 1h");
}

}  // namespace

Expected<milliseconds> parse_duration(std::string_view text) {
  const char* const end = text.data() + text.size();
  std::uint32_t count = 0;
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc::result_out_of_range) {
    return failure(Reason::bad_option, "a duration of more than 36500d");
  }
  if (error != std::errc{}) return bad_duration();
  for (const Unit& unit : units) {
    if (std::string_view(rest, end) != unit.name) continue;
    if (milliseconds::rep{count} > longest_duration / unit.length) {
      return failure(Reason::bad_option, "a duration of more than 36500d");
    }
    return unit.length * milliseconds::rep{count};
  }
  return bad_duration();
}

std::string format_duration(milliseconds duration) {
  if (duration == milliseconds::zero()) return "0s";
  for (const Unit& unit : units) {
    if (duration % unit.length == milliseconds::zero()) {
      return std::to_string(duration / unit.length).append(unit.name);
    }
  }
  return std::to_string(duration.count()) + "ms";
}

}  // namespace tecs
