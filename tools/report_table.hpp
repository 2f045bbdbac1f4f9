// Tables of a report, as HTML. On a telephone each row becomes a card, or the table scrolls in a box of its
// own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tecs {

enum class ColumnKind : std::uint8_t {
  name,    // what the row is about: the heading of its card
  text,    // with its heading
  number,  // likewise, to the right
  drawing  // a bar, as wide as there is room
};

struct TableColumn {
  std::string_view heading;  // written by this program
  ColumnKind kind;
};

enum class NarrowForm : std::uint8_t { cards, scrolling };

// Plain value. Cells are HTML already, a row has as many as there are columns.
struct ReportTable {
  std::string_view caption;  // written by this program; read aloud, not shown
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows;
  NarrowForm narrow = NarrowForm::cards;
};

[[nodiscard]] std::string draw_table(const ReportTable& table);

}  // namespace tecs
