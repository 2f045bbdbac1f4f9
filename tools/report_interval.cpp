#include "tools/report_interval.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "verdicts/summary_period.hpp"

namespace tecs {
namespace {

using std::chrono::days;
using std::chrono::hours;

// A Monday, so that weeks begin on one.
constexpr Verdict::Time origin = std::chrono::sys_days{std::chrono::year{1970} / 1 / 5};

Verdict::Time rounded_down(Verdict::Time time, hours length) {
  const auto past = (time - origin) % length;
  return time - (past.count() < 0 ? past + length : past);
}

std::string two_digits(long number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string clock_text(Verdict::Time time) {
  const std::chrono::hh_mm_ss clock{time - std::chrono::floor<days>(time)};
  return two_digits(clock.hours().count()) + ":" + two_digits(clock.minutes().count());
}

// "6 Jan"
std::string short_date(Verdict::Time time) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day date{std::chrono::floor<days>(time)};
  return std::to_string(static_cast<unsigned>(date.day()))
      .append(" ")
      .append(months.at(static_cast<unsigned>(date.month()) - 1));
}

std::string weekday_text(Verdict::Time time) {
  constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const std::chrono::weekday weekday{std::chrono::floor<days>(time)};
  return std::string(weekdays.at(weekday.c_encoding()));
}

hours fitting_interval(Verdict::Time::duration length) {
  struct Choice {
    hours longest;
    hours interval;
  };
  constexpr std::array choices{Choice{hours{50}, hours{1}}, Choice{days{8}, hours{3}},
                               Choice{days{17}, hours{6}}, Choice{days{100}, days{1}},
                               Choice{days{750}, days{7}}};
  const auto* const found = std::find_if(choices.begin(), choices.end(),
                                         [&](const Choice& choice) { return length <= choice.longest; });
  if (found != choices.end()) return found->interval;
  constexpr auto most = 100 * days{28};
  return days{28} * (length / most + 1);
}

}  // namespace

ReportPeriod make_report_period(Verdict::Time since, Verdict::Time until, Verdict::Time now,
                                const PrunedTimes& pruned) {
  const SummaryQuery asked{.by = SummaryKey::result, .since = since, .until = until};
  SummaryPeriod answered = answered_period(asked, pruned);
  // Nothing of it is left: then it is a report of that.
  if (answered.since >= answered.until) answered = answered_period(asked, {});
  ReportPeriod period{answered.since.value_or(since), std::min(answered.until.value_or(until), now)};
  const bool hours_are_gone = pruned.verdicts && period.since < *pruned.verdicts;
  period.interval = fitting_interval(period.until - period.since);
  if (hours_are_gone) period.interval = std::max<hours>(period.interval, days{1});
  return period;
}
std::vector<Verdict::Time> interval_starts(const ReportPeriod& period) {
  std::vector<Verdict::Time> starts;
  for (Verdict::Time start = rounded_down(period.since, period.interval); start < period.until;
       start += period.interval) {
    starts.push_back(start);
  }
  return starts;
}

std::size_t interval_of(const ReportPeriod& period, Verdict::Time time) {
  const auto past = time - rounded_down(period.since, period.interval);
  return static_cast<std::size_t>(past / period.interval);
}

std::string interval_name(hours interval) {
  if (interval == hours{1}) return "an hour";
  if (interval == days{1}) return "a day";
  if (interval == days{7}) return "a week";
  if (interval > days{7}) return std::to_string(interval / days{7}) + " weeks";
  return std::to_string(interval.count()) + " hours";
}

std::string date_text(Verdict::Time time) {
  const std::chrono::year_month_day date{std::chrono::floor<days>(time)};
  return short_date(time) + " " + std::to_string(static_cast<int>(date.year()));
}

std::string moment_text(Verdict::Time time) {
  return date_text(time) + ", " + clock_text(time);
}

std::string interval_text(Verdict::Time start, hours interval) {
  const Verdict::Time end = start + interval;
  if (interval > days{1}) return short_date(start) + " to " + date_text(end - days{1});
  std::string day = weekday_text(start) + " " + date_text(start);
  if (interval == days{1}) return day;
  const std::string end_text = clock_text(end) == "00:00" ? "24:00" : clock_text(end);
  return day + ", " + clock_text(start) + " to " + end_text;
}

std::vector<AxisTick> interval_ticks(const ReportPeriod& period) {
  constexpr std::size_t most = 9;
  constexpr std::array<hours, 12> distances{hours{1}, hours{2}, hours{3}, hours{6}, days{1},   days{2},
                                            days{7},  days{14}, days{28}, days{56}, days{112}, days{364}};
  const auto starts = interval_starts(period);
  const auto length = starts.back() + period.interval - starts.front();
  const auto* distance = std::find_if(distances.begin(), distances.end(), [&](hours each) {
    return each >= period.interval && length / each < static_cast<long>(most);
  });
  // Of many years: as many intervals as it takes.
  const hours apart = distance != distances.end()
                          ? *distance
                          : period.interval * (length / (period.interval * static_cast<long>(most)) + 1);
  std::vector<AxisTick> ticks;
  for (std::size_t index = 0; index < starts.size(); ++index) {
    const Verdict::Time start = starts[index];
    if (rounded_down(start, apart) != start) continue;
    const bool midnight = std::chrono::floor<days>(start) == start;
    std::string label = midnight ? short_date(start) : clock_text(start);
    ticks.push_back({static_cast<double>(index), std::move(label), ticks.size() % 2 == 1});
  }
  return ticks;
}

}  // namespace tecs
