#include "tools/listing.hpp"

#include <algorithm>
#include <array>
#include <boost/program_options/value_semantic.hpp>
#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>
#include <ostream>
#include <type_traits>

#include "tools/csv_line.hpp"
#include "tools/plain_text.hpp"

namespace tecs {
namespace {

using Json = nlohmann::ordered_json;
using Keep = ListingColumn::Keep;

std::string number_text(double number) {
  std::array<char, 32> digits{};  // the shortest that is read as the same number takes 24 at most
  const auto written = std::to_chars(digits.begin(), digits.end(), number);
  return {digits.data(), written.ptr};
}

template <typename Value>
constexpr bool is_absent = std::is_same_v<Value, std::monostate>;

std::string table_text(const ListingCell& cell) {
  return std::visit(
      [](const auto& value) -> std::string {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (is_absent<Value>)
          return "-";
        else if constexpr (std::is_same_v<Value, double>)
          return number_text(value);
        else if constexpr (std::is_same_v<Value, std::string>)
          return value.empty() ? "-" : plain_text(value);
        else
          return std::to_string(value);
      },
      cell);
}

std::string csv_field(const ListingCell& cell) {
  return std::visit(
      [](const auto& value) -> std::string {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (is_absent<Value>)
          return "";
        else if constexpr (std::is_same_v<Value, double>)
          return number_text(value);
        else if constexpr (std::is_same_v<Value, std::string>)
          return csv_text(value);
        else
          return std::to_string(value);
      },
      cell);
}

Json json_value(const ListingCell& cell) {
  return std::visit(
      [](const auto& value) -> Json {
        if constexpr (is_absent<std::decay_t<decltype(value)>>)
          return nullptr;
        else
          return value;
      },
      cell);
}

std::string fitted(std::string text, std::size_t width, const ListingColumn& column) {
  if (text.size() > width) {
    text = column.keep == Keep::end ? "~" + text.substr(text.size() - width + 1)
                                    : text.substr(0, width - 1) + "~";
  }
  if (column.side == ListingColumn::Side::left) {
    text.resize(width, ' ');
  } else {
    text.insert(0, width - text.size(), ' ');
  }
  return text;
}

}  // namespace

void add_format_option(OptionTable& table) {
  namespace po = boost::program_options;
  table.add_options()("format", po::value<std::string>()->value_name("FORM")->default_value("table"),
                      "table, json (an object a line) or csv");
}

Outcome<ListingFormat> read_format(const OptionValues& values) {
  const auto& format = values["format"].as<std::string>();
  if (format == "table") return ListingFormat::table;
  if (format == "json") return ListingFormat::json;
  if (format == "csv") return ListingFormat::csv;
  return failed(ExitCode::usage, "--format: table, json or csv");
}

void Listing::print(ListingFormat format, std::ostream& out) const {
  switch (format) {
    case ListingFormat::table:
      return print_table(out);
    case ListingFormat::json:
      return print_json(out);
    case ListingFormat::csv:
      return print_csv(out);
  }
}

// Of the columns that are shown, as wide as what stands in them; those that may be cut give way evenly, the
// widest first.
std::vector<std::size_t> Listing::widths(const std::vector<std::vector<std::string>>& lines) const {
  constexpr std::size_t narrowest = 12;
  std::vector<std::size_t> found(columns_.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) found[i] = std::max(found[i], line[i].size());
  }
  const auto shown = static_cast<std::size_t>(std::count_if(
      columns_.begin(), columns_.end(), [](const auto& column) { return !column.heading.empty(); }));
  const std::size_t gaps = shown == 0 ? 0 : 2 * (shown - 1);
  while (std::accumulate(found.begin(), found.end(), gaps) > maximum_width) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].keep == Keep::all || found[i] <= narrowest) continue;
      if (widest == columns_.size() || found[i] > found[widest]) widest = i;
    }
    if (widest == columns_.size()) break;
    --found[widest];
  }
  return found;
}

void Listing::print_table(std::ostream& out) const {
  std::vector<std::vector<std::string>> lines(1);
  for (const ListingColumn& column : columns_) lines.front().emplace_back(column.heading);
  for (const auto& row : rows_) {
    lines.emplace_back();
    for (std::size_t i = 0; i < columns_.size(); ++i)
      lines.back().push_back(columns_[i].heading.empty() ? "" : table_text(row[i]));
  }
  const std::vector<std::size_t> width = widths(lines);
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].heading.empty()) continue;
      if (!text.empty()) text += "  ";
      text += fitted(line[i], width[i], columns_[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
  }
}

void Listing::print_json(std::ostream& out) const {
  for (const auto& row : rows_) {
    Json object = Json::object();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].name.empty()) object[std::string(columns_[i].name)] = json_value(row[i]);
    }
    out << object.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) << '\n';
  }
}

void Listing::print_csv(std::ostream& out) const {
  const auto print_line = [&](auto field) {
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].name.empty()) fields.push_back(field(i));
    }
    out << csv_line(fields);
  };
  print_line([&](std::size_t i) { return std::string(columns_[i].name); });
  for (const auto& row : rows_) print_line([&](std::size_t i) { return csv_field(row[i]); });
}

std::string octets_text(std::uint64_t octets) {
  constexpr std::array units{" kB", " MB", " GB", " TB", " PB", " EB"};
  if (octets < 1000) return std::to_string(octets);
  std::size_t unit = 0;
  auto value = static_cast<double>(octets) / 1000;
  for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
  std::array<char, 16> digits{};
  const auto written =
      std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed, value < 9.95 ? 1 : 0);
  return std::string(digits.data(), written.ptr) + units.at(unit);
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(whole);
  std::array<char, 16> digits{};
  const auto written = std::to_chars(digits.begin(), digits.end(), percent, std::chars_format::fixed, 1);
  return std::string(digits.data(), written.ptr) + "%";
}

}  // namespace tecs
