#include "tools/finding_report.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "tools/plain_text.hpp"

namespace tecs {
namespace {

using Json = nlohmann::ordered_json;
using Counts = std::array<std::size_t, 3>;

Counts count(const std::vector<Finding>& findings) {
  Counts counts{};
  for (const Finding& finding : findings) ++counts.at(static_cast<std::size_t>(finding.severity));
  return counts;
}

bool is_good(const Counts& counts) {
  return counts[0] == 0 && counts[1] == 0;
}

std::string place(const Finding& finding) {
  if (finding.file.empty()) return "run:";
  const std::string where =
      plain_text(finding.file) + (finding.line == 0 ? "" : ":" + std::to_string(finding.line));
  if (finding.replaces) return where + ", change to:";
  return where + (finding.line == 0 ? ", add:" : ", add below:");
}

void print(const Finding& finding, std::ostream& out) {
  out << word(finding.severity) << "  " << plain_text(finding.subject) << ": " << finding.word << "\n    "
      << plain_text(finding.problem) << "\n    " << plain_text(finding.reason) << "\n    " << place(finding)
      << "\n        " << plain_text(finding.change) << "\n\n";
}

void print_summary(const Counts& counts, const std::string& checked, const FindingConclusions& conclusions,
                   std::ostream& out) {
  out << plain_text(checked) << ": " << counts[0] << " unsafe, " << counts[1] << " broken, " << counts[2]
      << " advice. ";
  out << (counts[0] != 0   ? conclusions.unsafe
          : counts[1] != 0 ? conclusions.broken
                           : conclusions.good)
      << '\n';
}

Json json_of(const Finding& finding) {
  return {{"severity", word(finding.severity)},
          {"finding", finding.word},
          {"subject", plain_text(finding.subject)},
          {"problem", plain_text(finding.problem)},
          {"reason", plain_text(finding.reason)},
          {"file", plain_text(finding.file)},
          {"line", finding.line == 0 ? Json() : Json(finding.line)},
          {"replaces", finding.replaces},
          {"change", plain_text(finding.change)}};
}

void print_json(const std::vector<Finding>& findings, const std::string& checked, std::ostream& out) {
  const Counts counts = count(findings);
  Json list = Json::array();
  for (const Finding& finding : findings) list.push_back(json_of(finding));
  out << Json{{"checked", plain_text(checked)},
              {"good", is_good(counts)},
              {"unsafe", counts[0]},
              {"broken", counts[1]},
              {"advice", counts[2]},
              {"findings", list}}
             .dump()
      << '\n';
}

}  // namespace

ExitCode report_findings(std::vector<Finding> findings, const std::string& checked, ReportForm form,
                         std::ostream& out, const FindingConclusions& conclusions) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  const Counts counts = count(findings);
  if (form == ReportForm::json) {
    print_json(findings, checked, out);
  } else {
    for (const Finding& finding : findings) print(finding, out);
    print_summary(counts, checked, conclusions, out);
  }
  return is_good(counts) ? ExitCode::ok : ExitCode::failed;
}

}  // namespace tecs
