// The results as series of a chart: in which order they stand, what each is called, how it is drawn.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tecs/reason.hpp"
#include "tools/report_bar_chart.hpp"

namespace tecs {

using ResultCounts = std::array<std::uint64_t, 7>;  // connections by Result

// Plain value; the texts live as long as the program.
struct ResultSeries {
  Result result;
  std::string_view style;    // a class of report_style.hpp
  std::string_view name;     // "passed"
  std::string_view meaning;  // a sentence without full stop
};

// In the order in which they lie upon each other, from below.
[[nodiscard]] const std::array<ResultSeries, 7>& result_series() noexcept;

[[nodiscard]] std::uint64_t count_of(const ResultCounts& results, Result result) noexcept;
[[nodiscard]] std::uint64_t connections_of(const ResultCounts& results) noexcept;
// Connections whose client sent a credential.
[[nodiscard]] std::uint64_t signed_of(const ResultCounts& results) noexcept;
// Those of them that did not pass, for whatever reason.
[[nodiscard]] std::uint64_t failed_of(const ResultCounts& results) noexcept;

[[nodiscard]] std::vector<ChartSegment> result_segments(const ResultCounts& results);

// "412 connections: 250 passed, 160 unsigned, 2 failed"
[[nodiscard]] std::string result_text(const ResultCounts& results);

// HTML: the series of which there is something, with the pattern that each is drawn in, how many there are
// and what it means. Top to bottom as they lie upon each other.
[[nodiscard]] std::string result_legend(const ResultCounts& totals);

}  // namespace tecs
