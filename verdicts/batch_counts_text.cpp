#include "verdicts/batch_counts_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>

namespace tecs {
namespace {

// A row is a letter and its fields. A number ends with ";", a text begins with its length and ":", and "="
// stands for the text of the row before: rows are sorted, so most texts are.
constexpr char hour_row = 'h';
constexpr char distribution_row = 'd';
constexpr char same_text = '=';

// They stand in stores as their places in these lists, whatever their order elsewhere: new ones belong at the
// end.
constexpr std::array results{Result::none,    Result::pass,      Result::fail,     Result::policy,
                             Result::neutral, Result::temperror, Result::permerror};
constexpr std::array measures{Measure::score, Measure::duration, Measure::dns_time,
                              Measure::verification_time};

template <typename Value, std::size_t Size>
std::int64_t place_of(Value value, const std::array<Value, Size>& list) {
  return std::ranges::find(list, value) - list.begin();
}

// Those that four digits hold.
constexpr std::chrono::hours to_hour(std::chrono::year year) {
  return std::chrono::sys_days{year / 1 / 1}.time_since_epoch();
}
constexpr std::chrono::hours first_hour = to_hour(std::chrono::year{0});
constexpr std::chrono::hours end_of_hours = to_hour(std::chrono::year{10'000});

// Within a character, as UTF-8 writes it (RFC 3629): a text that begins so was cut out of another.
bool begins_within_a_character(std::string_view text) noexcept {
  return !text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0U) == 0x80U;
}

// What a row adds to a text that may hold so much. False once there was too much.
class Bounds {
 public:
  [[nodiscard]] bool hold(const RollupRow& row) {
    const RollupKey& key = row.key;
    const RollupCounts& counts = row.counts;
    return hold_time(key.start) &&
           hold_texts({key.domain, key.organizational_domain, key.reason, key.receiver}) &&
           hold_count(counts.connections) && hold_count(counts.messages) && hold_count(counts.recipients) &&
           hold_count(counts.bytes) && hold_time(counts.duration) && hold_time(counts.dns_time) &&
           hold_time(counts.verification_time);
  }
  [[nodiscard]] bool hold(const DistributionRow& row) {
    return hold_time(row.key.start) && row.key.bin >= -furthest_score_bin && row.key.bin <= last_time_bin &&
           hold_texts({row.key.receiver}) && hold_count(row.connections);
  }

 private:
  static bool hold_time(Verdict::Time start) {
    return start.time_since_epoch() >= first_hour && start.time_since_epoch() < end_of_hours;
  }
  bool hold_time(std::chrono::microseconds time) {
    return time.count() >= 0 && hold_count(static_cast<std::uint64_t>(time.count()));
  }
  static bool hold_texts(std::initializer_list<std::string_view> texts) {
    std::size_t octets = 0;
    for (const std::string_view text : texts) {
      if (text.size() > most_octets_of_a_batch_key || begins_within_a_character(text)) return false;
      octets += text.size();
    }
    return octets <= most_octets_of_a_batch_key;
  }
  bool hold_count(std::uint64_t count) {
    constexpr auto most = static_cast<std::uint64_t>(most_of_a_batch);
    if (count > most) return false;
    sum_ += count;
    return sum_ <= most;
  }

  std::uint64_t sum_ = 0;
};

class Writer {
 public:
  void begin_row(char kind) { text_ += kind; }
  void number(std::int64_t number) { append(number, ';'); }
  void number(std::uint64_t number) { append(static_cast<std::int64_t>(number), ';'); }
  void number(std::chrono::microseconds time) { append(time.count(), ';'); }
  void time(Verdict::Time start) {
    append(std::chrono::floor<std::chrono::hours>(start).time_since_epoch().count(), ';');
  }
  void text(std::string_view text, std::string_view before) {
    if (text == before) {
      text_ += same_text;
      return;
    }
    append(static_cast<std::int64_t>(text.size()), ':');
    text_ += text;
  }
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void append(std::int64_t number, char end) {
    std::array<char, 24> digits{};
    const auto last = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text_.append(digits.data(), last);
    text_ += end;
  }

  std::string text_;
};

// Once something cannot be read, nothing can.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] std::optional<char> begin_row() {
    if (!good_ || left_.empty()) return std::nullopt;
    const char kind = left_.front();
    left_.remove_prefix(1);
    return kind;
  }
  [[nodiscard]] std::int64_t number(std::int64_t least, std::int64_t most) {
    return number(';', least, most);
  }
  [[nodiscard]] std::int64_t number() { return number(';', 0, std::numeric_limits<std::int64_t>::max()); }
  [[nodiscard]] Verdict::Time time() {
    return Verdict::Time{std::chrono::hours{number(first_hour.count(), end_of_hours.count() - 1)}};
  }
  template <typename Value, std::size_t Size>
  [[nodiscard]] Value one_of(const std::array<Value, Size>& list) {
    return list.at(static_cast<std::size_t>(number(0, static_cast<std::int64_t>(Size) - 1)));
  }
  void text(std::string_view& text) {
    if (left_.starts_with(same_text)) {
      left_.remove_prefix(1);
      return;
    }
    const auto size = static_cast<std::size_t>(number(':', 0, static_cast<std::int64_t>(left_.size())));
    good_ = good_ && size <= left_.size();
    if (!good_) return;
    text = left_.substr(0, size);
    left_.remove_prefix(size);
  }

 private:
  [[nodiscard]] std::int64_t number(char end, std::int64_t least, std::int64_t most) {
    std::int64_t number = 0;
    const char* const last = left_.data() + left_.size();
    const auto [after, error] = std::from_chars(left_.data(), last, number);
    good_ =
        good_ && error == std::errc{} && after != last && *after == end && number >= least && number <= most;
    if (!good_) return std::max<std::int64_t>(least, 0);
    left_.remove_prefix(static_cast<std::size_t>(after - left_.data()) + 1);
    return number;
  }

  std::string_view left_;
  bool good_ = true;
};

void write(Writer& writer, const RollupRow& row, const RollupKey& before) {
  writer.begin_row(hour_row);
  writer.time(row.key.start);
  writer.text(row.key.domain, before.domain);
  writer.text(row.key.organizational_domain, before.organizational_domain);
  writer.number(place_of(row.key.result, results));
  writer.text(row.key.reason, before.reason);
  writer.text(row.key.receiver, before.receiver);
  writer.number(row.counts.connections);
  writer.number(row.counts.messages);
  writer.number(row.counts.recipients);
  writer.number(row.counts.bytes);
  writer.number(row.counts.duration);
  writer.number(row.counts.dns_time);
  writer.number(row.counts.verification_time);
}

void write(Writer& writer, const DistributionRow& row, const DistributionKey& before) {
  writer.begin_row(distribution_row);
  writer.time(row.key.start);
  writer.number(place_of(row.key.measure, measures));
  writer.number(row.key.bin);
  writer.text(row.key.receiver, before.receiver);
  writer.number(row.connections);
}

void read(Reader& reader, RollupRow& row) {
  row.key.start = reader.time();
  reader.text(row.key.domain);
  reader.text(row.key.organizational_domain);
  row.key.result = reader.one_of(results);
  reader.text(row.key.reason);
  reader.text(row.key.receiver);
  row.counts.connections = static_cast<std::uint64_t>(reader.number());
  row.counts.messages = static_cast<std::uint64_t>(reader.number());
  row.counts.recipients = static_cast<std::uint64_t>(reader.number());
  row.counts.bytes = static_cast<std::uint64_t>(reader.number());
  row.counts.duration = std::chrono::microseconds{reader.number()};
  row.counts.dns_time = std::chrono::microseconds{reader.number()};
  row.counts.verification_time = std::chrono::microseconds{reader.number()};
}

void read(Reader& reader, DistributionRow& row) {
  row.key.start = reader.time();
  row.key.measure = reader.one_of(measures);
  row.key.bin =
      reader.number(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
  reader.text(row.key.receiver);
  row.connections = static_cast<std::uint64_t>(reader.number());
}

// Returns false when there was one that does not fit.
template <typename Row>
bool write_all(Writer& writer, Bounds& bounds, const std::vector<Row>& rows) {
  decltype(Row::key) before;
  for (const Row& row : rows) {
    if (!bounds.hold(row)) return false;
    write(writer, row, before);
    before = row.key;
    if (writer.size() > most_octets_of_batch_counts) return false;
  }
  return true;
}

// All the rows, or as many as there are before one that cannot be read.
Expected<void> read_all(std::string_view text, VerdictRollup& rollup) {
  if (text.size() > most_octets_of_batch_counts)
    return failure(Reason::io_error, "the counts of a batch in the store are too many");
  Reader reader(text);
  RollupRow hour;
  DistributionRow distribution;
  Bounds bounds;
  while (const auto kind = reader.begin_row()) {
    bool held = true;
    if (*kind == hour_row) {
      read(reader, hour);
      held = bounds.hold(hour);
      rollup.hours.push_back(hour);
    } else if (*kind == distribution_row) {
      read(reader, distribution);
      held = bounds.hold(distribution);
      rollup.distributions.push_back(distribution);
    } else {
      return failure(Reason::io_error, "the counts of a batch in the store are of no known kind");
    }
    if (!held) return failure(Reason::io_error, "the counts of a batch in the store are beyond all bounds");
  }
  if (reader.good()) return {};
  return failure(Reason::io_error, "the counts of a batch in the store cannot be read");
}

}  // namespace

std::optional<std::string> encode_batch_counts(const VerdictRollup& rollup) {
  Writer writer;
  Bounds bounds;
  if (!write_all(writer, bounds, rollup.hours) || !write_all(writer, bounds, rollup.distributions))
    return std::nullopt;
  return writer.take();
}

Expected<void> decode_batch_counts(std::string_view text, VerdictRollup& rollup) {
  const std::size_t hours = rollup.hours.size();
  const std::size_t distributions = rollup.distributions.size();
  auto outcome = read_all(text, rollup);
  if (!outcome) {
    rollup.hours.resize(hours);
    rollup.distributions.resize(distributions);
  }
  return outcome;
}

}  // namespace tecs
