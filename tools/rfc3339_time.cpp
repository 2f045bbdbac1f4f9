#include "tools/rfc3339_time.hpp"

#include <optional>

namespace tecs {
namespace {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

constexpr bool is_digit(char character) noexcept {
  return character >= '0' && character <= '9';
}

// Takes from the front of a text what the grammar of RFC 3339 section 5.6 wants there. What is not there
// leaves it failed for good.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : rest_(text) {}

  unsigned number(std::size_t digits) {
    unsigned value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_.empty() || !is_digit(rest_.front())) failed_ = true;
      if (failed_) return 0;
      value = value * 10 + static_cast<unsigned>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  bool take_one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    taken_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view characters) {
    if (!take_one_of(characters)) failed_ = true;
  }
  [[nodiscard]] char taken() const noexcept { return taken_; }

  std::chrono::milliseconds fraction() {
    std::chrono::milliseconds value{0};
    std::chrono::milliseconds weight{100};
    if (rest_.empty() || !is_digit(rest_.front())) failed_ = true;
    while (!rest_.empty() && is_digit(rest_.front())) {
      value += weight * (rest_.front() - '0');
      weight /= 10;
      rest_.remove_prefix(1);
    }
    return value;
  }

  [[nodiscard]] bool good() const noexcept { return !failed_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
  char taken_ = '\0';
};

// Empty: there is no such hour and minute.
std::optional<std::chrono::minutes> read_hour_and_minute(Reader& reader) {
  const unsigned hour = reader.number(2);
  reader.expect(":");
  const unsigned minute = reader.number(2);
  if (!reader.good() || hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

// full-time: what stands behind the date.
std::optional<std::chrono::milliseconds> read_time_of_day(Reader& reader) {
  const auto minutes = read_hour_and_minute(reader);
  reader.expect(":");
  const unsigned second = reader.number(2);
  if (!minutes || !reader.good() || second > 59) return std::nullopt;
  std::chrono::milliseconds time = *minutes + std::chrono::seconds{second};
  if (reader.take_one_of(".")) time += reader.fraction();
  if (reader.take_one_of("Zz")) return time;
  reader.expect("+-");
  const bool ahead = reader.taken() == '+';
  const auto offset = read_hour_and_minute(reader);
  if (!offset) return std::nullopt;
  return ahead ? time - *offset : time + *offset;
}

std::optional<Time> read_whole(std::string_view text) {
  Reader reader(text);
  const unsigned year = reader.number(4);
  reader.expect("-");
  const unsigned month = reader.number(2);
  reader.expect("-");
  const unsigned day = reader.number(2);
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!reader.good() || !date.ok() || year < 1970) return std::nullopt;
  Time time = std::chrono::sys_days{date};
  if (!reader.at_end()) {
    reader.expect("Tt ");
    const auto time_of_day = read_time_of_day(reader);
    if (!time_of_day) return std::nullopt;
    time += *time_of_day;
  }
  if (!reader.good() || !reader.at_end()) return std::nullopt;
  return time;
}

}  // namespace

Expected<Time> parse_rfc3339(std::string_view text) {
  const auto time = read_whole(text);
  // With an offset the first and the last hours of these years are outside of them.
  constexpr Time end = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
  if (time && *time >= Time{} && *time < end) return *time;
  return failure(Reason::bad_option, "not a time: write a date such as 2026-01-31, or 2026-01-31T12:00:00Z");
}

}  // namespace tecs
