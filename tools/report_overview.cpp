#include "tools/report_overview.hpp"

#include <cstddef>
#include <string_view>

#include "tools/report_number.hpp"
#include "tools/report_text.hpp"

namespace tecs {
namespace {

std::string fact(std::string_view name, const std::string& html) {
  return "<div><dt>" + std::string(name) + "</dt><dd>" + html + "</dd></div>\n";
}

std::string receivers_text(const ReportContent& content) {
  constexpr std::size_t most = 3;
  if (content.receivers.empty()) return "none";
  std::string html;
  for (std::size_t index = 0; index < content.receivers.size() && index < most; ++index) {
    const std::string& name = content.receivers[index].key;
    if (index > 0) html += ", ";
    html += name.empty() ? "(without a name)" : html_stranger_text(name);
  }
  if (content.receiver_count <= most) return html;
  return html + " and " + counted(content.receiver_count - most, "more", "more");
}

// id: by which a program finds the number in the page.
std::string figure(std::string_view id, std::string_view name, const std::string& number,
                   const std::string& explanation) {
  return "<div id=\"figure-" + std::string(id) + "\"><dt>" + std::string(name) + "</dt><dd><b>" +
         html_text(number) + "</b><small>" + html_text(explanation) + "</small></dd></div>\n";
}

}  // namespace

std::string report_header(const ReportContent& content) {
  return "<header>\n<h1>" + html_text(content.title) + "</h1>\n<dl class=\"facts\">\n" +
         fact("Period",
              moment_text(content.period.since) + " to " + moment_text(content.period.until) + " UTC") +
         fact(content.receiver_count == 1 ? "Receiver" : "Receivers", receivers_text(content)) +
         fact("Store", html_text(content.store)) + fact("Made", moment_text(content.made) + " UTC") +
         fact("By", html_text(content.version)) + "</dl>\n</header>\n";
}

std::string key_figures(const ReportContent& content) {
  const ResultCounts& results = content.totals.results;
  const std::uint64_t with_signature = signed_of(results);
  const std::uint64_t passed = count_of(results, Result::pass);
  const std::uint64_t failed = failed_of(results);
  const std::uint64_t new_domains = content.new_domain_count();
  return "<dl class=\"figures\" aria-label=\"Key figures\">\n" +
         figure("connections", "Connections", grouped(content.totals.connections),
                "at " + counted(content.receiver_count, "receiver", "receivers")) +
         figure("signed", "Signed", percentage(with_signature, content.totals.connections),
                counted(with_signature, "connection", "connections")) +
         figure("passed", "Passed", percentage(passed, with_signature), grouped(passed) + " of the signed") +
         figure("failed", "Not passed", percentage(failed, with_signature),
                grouped(failed) + " of the signed") +
         figure("domains", "Domains", grouped(content.signing_domains), "passed at least once") +
         figure("new-domains", "New domains", grouped(new_domains), "passed for the first time") +
         figure("messages", "Messages", grouped(content.totals.messages),
                "to " + counted(content.totals.recipients, "recipient", "recipients")) +
         "</dl>\n";
}

}  // namespace tecs
