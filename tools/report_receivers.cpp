#include "tools/report_receivers.hpp"

#include "tecs/printable_text.hpp"
#include "tools/report_number.hpp"
#include "tools/report_section.hpp"
#include "tools/report_share_bar.hpp"
#include "tools/report_table.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

std::string sentence(const ReportContent& content) {
  const SummaryRow& first = content.receivers.front();
  const std::string name = first.key.empty() ? "(without a name)" : html_stranger_text(first.key);
  if (content.receiver_count == 1) return "All connections were made to " + name + ".";
  std::string html = grouped(content.receiver_count) + " receivers wrote into this store; " +
                     html_text(percentage(first.connections, content.totals.connections)) +
                     " of the connections were made to " + name + ".";
  if (content.receivers.size() < content.receiver_count) {
    html += " The " + grouped(content.receivers.size()) + " busiest are listed.";
  }
  return html;
}

}  // namespace

std::string receivers_section(const ReportContent& content) {
  if (content.receivers.empty()) return "";
  ReportTable table{"Receivers",
                    {{"Receiver", ColumnKind::name},
                     {"Connections", ColumnKind::number},
                     {"Signed", ColumnKind::number},
                     {"Passed of these", ColumnKind::number},
                     {"Messages", ColumnKind::number},
                     {"Connections by result", ColumnKind::drawing}},
                    {}};
  const std::uint64_t largest = content.receivers.front().connections;
  for (const SummaryRow& row : content.receivers) {
    const std::uint64_t with_signature = signed_of(row.results);
    table.rows.push_back({row.key.empty() ? "(without a name)" : html_stranger_text(row.key),
                          grouped(row.connections), html_text(percentage(with_signature, row.connections)),
                          html_text(percentage(count_of(row.results, Result::pass), with_signature)),
                          grouped(row.messages),
                          draw_share_bar(result_segments(row.results), largest,
                                         printable_text(row.key, 253) + ": " + result_text(row.results))});
  }
  return draw_section({"receivers", "Receivers", sentence(content), draw_table(table)});
}

}  // namespace tecs
