// What a subcommand lists, in the three forms of --format: a table for a terminal, JSON lines, CSV.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tools/subcommand.hpp"

namespace tecs {

enum class ListingFormat : std::uint8_t { table, json, csv };

void add_format_option(OptionTable& table);  // format; a table unless something else is said
// Fails with usage.
[[nodiscard]] Outcome<ListingFormat> read_format(const OptionValues& values);

struct ListingColumn {
  enum class Side : std::uint8_t { left, right };
  // A text that is too long for the table loses its end, or its beginning; '~' stands where.
  enum class Keep : std::uint8_t { all, beginning, end };

  std::string_view name{};     // in JSON and CSV; empty: not there
  std::string_view heading{};  // in the table; empty: not there
  Side side = Side::left;
  Keep keep = Keep::all;
};

// Monostate: absent, which is null in JSON, empty in CSV and '-' in the table; as an empty text is there.
using ListingCell = std::variant<std::monostate, std::uint64_t, double, std::string>;

// Gathers the rows, since the width of a column depends on all of them. Texts may be of strangers.
class Listing {
 public:
  static constexpr std::size_t maximum_width = 100;

  // The texts that columns refer to must outlive this.
  explicit Listing(std::vector<ListingColumn> columns) noexcept : columns_(std::move(columns)) {}

  // cells: one for each column.
  void add(std::vector<ListingCell> cells) { rows_.push_back(std::move(cells)); }

  void print(ListingFormat format, std::ostream& out) const;

 private:
  void print_table(std::ostream& out) const;
  void print_json(std::ostream& out) const;
  void print_csv(std::ostream& out) const;
  [[nodiscard]] std::vector<std::size_t> widths(const std::vector<std::vector<std::string>>& lines) const;

  std::vector<ListingColumn> columns_;
  std::vector<std::vector<ListingCell>> rows_;
};

// For tables: "0", "999", "1.5 kB", "20 MB"; units of 1,000.
[[nodiscard]] std::string octets_text(std::uint64_t octets);
// "61.2%"; '-' when there is no whole.
[[nodiscard]] std::string share_text(std::uint64_t part, std::uint64_t whole);

}  // namespace tecs
