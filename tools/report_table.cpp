#include "tools/report_table.hpp"

#include <cstddef>

#include "tools/report_text.hpp"

namespace tecs {
namespace {

std::string_view style_of(ColumnKind kind) noexcept {
  switch (kind) {
    case ColumnKind::name:
      return "name";
    case ColumnKind::text:
      return "text";
    case ColumnKind::number:
      return "number";
    case ColumnKind::drawing:
      return "drawing";
  }
  return "";
}

// The roles are those that the elements have anyway: a browser forgets them when a row is laid out as a card.
std::string draw_cell(const TableColumn& column, const std::string& content) {
  const std::string style(style_of(column.kind));
  if (column.kind == ColumnKind::name) {
    return "<th scope=\"row\" role=\"rowheader\" class=\"name\">" + content + "</th>";
  }
  const std::string heading =
      column.kind == ColumnKind::drawing ? "" : " data-heading=\"" + html_text(column.heading) + "\"";
  return "<td role=\"cell\" class=\"" + style + "\"" + heading + ">" + content + "</td>";
}

}  // namespace

std::string draw_table(const ReportTable& table) {
  const bool cards = table.narrow == NarrowForm::cards;
  const std::string caption = html_text(table.caption);
  std::string html =
      cards ? "<div class=\"cards\">"
            : "<div class=\"scrolling\" tabindex=\"0\" role=\"region\" aria-label=\"" + caption + "\">";
  html +=
      "<table role=\"table\"><caption>" + caption + "</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">";
  for (const TableColumn& column : table.columns) {
    html += "<th scope=\"col\" role=\"columnheader\" class=\"";
    html.append(style_of(column.kind)).append("\">").append(html_text(column.heading)).append("</th>");
  }
  html += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  for (const std::vector<std::string>& row : table.rows) {
    html += "<tr role=\"row\">";
    for (std::size_t index = 0; index < table.columns.size(); ++index) {
      html += draw_cell(table.columns[index], row.at(index));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace tecs
