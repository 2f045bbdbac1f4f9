#include "tools/summary_columns.hpp"

#include <array>
#include <numeric>
#include <ostream>
#include <string_view>

#include "tecs/reason.hpp"

namespace tecs {
namespace {

// As in Result. In the table those that are rare share a column.
constexpr std::array results{Result::none,    Result::pass,      Result::fail,     Result::policy,
                             Result::neutral, Result::temperror, Result::permerror};

std::uint64_t count_of(const SummaryRow& row, Result result) {
  return row.results.at(static_cast<std::size_t>(result));
}

}  // namespace

void add_summary_columns(std::vector<ListingColumn>& columns) {
  constexpr auto right = ListingColumn::Side::right;
  columns.push_back({.name = "connections", .heading = "CONNECTIONS", .side = right});
  columns.push_back({.name = "", .heading = "SHARE", .side = right});
  columns.push_back({.name = "messages", .heading = "MESSAGES", .side = right});
  columns.push_back({.name = "recipients", .heading = ""});
  columns.push_back({.name = "bytes", .heading = ""});
  columns.push_back({.name = "", .heading = "SIZE", .side = right});
  columns.push_back({.name = "", .heading = "PASS", .side = right});
  columns.push_back({.name = "", .heading = "FAIL", .side = right});
  columns.push_back({.name = "", .heading = "NONE", .side = right});
  columns.push_back({.name = "", .heading = "OTHER", .side = right});
  for (const Result result : results) columns.push_back({.name = word(result), .heading = ""});
}

void add_summary_cells(std::vector<ListingCell>& cells, const SummaryRow& row, std::uint64_t connections) {
  const std::uint64_t other = count_of(row, Result::policy) + count_of(row, Result::neutral) +
                              count_of(row, Result::temperror) + count_of(row, Result::permerror);
  cells.insert(cells.end(), {row.connections, share_text(row.connections, connections), row.messages,
                             row.recipients, row.bytes, octets_text(row.bytes), count_of(row, Result::pass),
                             count_of(row, Result::fail), count_of(row, Result::none), other});
  for (const Result result : results) cells.emplace_back(count_of(row, result));
}

std::uint64_t count_connections(const std::vector<SummaryRow>& rows) {
  return std::accumulate(rows.begin(), rows.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const SummaryRow& row) { return sum + row.connections; });
}

void print_summary_total(const std::vector<SummaryRow>& rows, std::size_t shown, std::ostream& out) {
  const std::uint64_t messages =
      std::accumulate(rows.begin(), rows.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const SummaryRow& row) { return sum + row.messages; });
  const auto counted = [](std::uint64_t number, std::string_view thing) {
    return std::to_string(number).append(" ").append(thing).append(number == 1 ? "" : "s");
  };
  out << '\n'
      << counted(rows.size(), "row") << ": " << counted(count_connections(rows), "connection") << ", "
      << counted(messages, "message");
  if (shown < rows.size()) out << " (" << shown << (shown == 1 ? " row is" : " rows are") << " shown)";
  out << '\n';
}

}  // namespace tecs
