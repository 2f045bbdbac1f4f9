#include "tools/report_reasons.hpp"

#include "tecs/printable_text.hpp"
#include "tools/reason_answer.hpp"
#include "tools/report_number.hpp"
#include "tools/report_section.hpp"
#include "tools/report_share_bar.hpp"
#include "tools/report_table.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

// HTML. A word of a newer version stands for itself.
std::string meaning_of(const std::string& reason) {
  const auto answer = answer_of_reason(reason);
  return answer ? html_text(answer->why) : "";
}

std::uint64_t connections_with_reason(const ReportContent& content) {
  std::uint64_t connections = 0;
  for (const SummaryRow& row : content.reasons) connections += row.connections;
  return connections;
}

std::string name_of(const std::string& reason) {
  return reason.empty() ? "(not recorded)" : html_stranger_text(reason);
}

std::string sentence(const ReportContent& content) {
  const SummaryRow& first = content.reasons.front();
  const std::string meaning = meaning_of(first.key);
  return counted(connections_with_reason(content), "connection", "connections") + " did not pass, for " +
         counted(content.reasons.size(), "reason", "reasons") + ". The most frequent, <b>" +
         name_of(first.key) + "</b>, stands for " +
         html_text(percentage(first.connections, connections_with_reason(content))) + " of them" +
         (meaning.empty() ? "." : ": " + meaning + ".");
}

}  // namespace

std::string reasons_section(const ReportContent& content) {
  if (content.reasons.empty()) {
    const bool some = signed_of(content.totals.results) > 0;
    return draw_section({"reasons", "Why signatures did not pass",
                         some ? "Every signature passed." : "No connection carried a signature.", ""});
  }
  ReportTable table{"Reasons",
                    {{"Reason", ColumnKind::name},
                     {"Connections", ColumnKind::number},
                     {"Share", ColumnKind::number},
                     {"Bar", ColumnKind::drawing}},
                    {}};
  const std::uint64_t whole = connections_with_reason(content);
  const std::uint64_t largest = content.reasons.front().connections;
  for (const SummaryRow& row : content.reasons) {
    table.rows.push_back({name_of(row.key) + "<small>" + meaning_of(row.key) + "</small>",
                          grouped(row.connections), html_text(percentage(row.connections, whole)),
                          draw_share_bar(result_segments(row.results), largest,
                                         (row.key.empty() ? "not recorded" : printable_text(row.key, 253)) +
                                             ": " + result_text(row.results))});
  }
  return draw_section({"reasons", "Why signatures did not pass", sentence(content), draw_table(table)});
}

}  // namespace tecs
