#include "tools/report_page.hpp"

#include <string_view>

#include "tools/report_domains.hpp"
#include "tools/report_latency.hpp"
#include "tools/report_overview.hpp"
#include "tools/report_reasons.hpp"
#include "tools/report_receivers.hpp"
#include "tools/report_scores.hpp"
#include "tools/report_style.hpp"
#include "tools/report_text.hpp"
#include "tools/report_timeline.hpp"

namespace tecs {
namespace {

// The policy holds even what somebody might smuggle into the page: nothing runs, nothing is fetched. The icon
// keeps a browser from asking a server for one.
std::string head(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'; "
         "img-src data:; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" "
         "content=\"no-referrer\">\n"
         "<meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"data:,\">\n<title>" +
         html_text(title) + "</title>\n<style>" + report_style() + "</style>\n</head>\n";
}

std::string empty_notice(const ReportContent& content) {
  const std::string lost = content.lost_days();
  const std::string_view heading =
      lost.empty() ? "Nothing was recorded in this period" : "Nothing is left of this period";
  return "<div class=\"notice\">\n<h2>" + std::string(heading) + "</h2>\n<p class=\"sentence\">" +
         (lost.empty() ? "The store has no connection of that time." : lost) +
         " Ask for a longer one with --since, or look whether tecs-milter writes into this store: its "
         "setting "
         "is named store.</p>\n</div>\n";
}

constexpr std::string_view footer =
    "<footer>\n<p><b>Signed</b> is a connection whose client sent a TECS-1 credential, right or wrong. It "
    "<b>passed</b> when the key of the domain that it names signed just this connection, and <b>did not "
    "pass</b> when it was wrong, could not be used, was too weak, or could not be decided. A domain is "
    "<b>new</b> "
    "when it passed for the first time.</p>\n<p>All times are UTC. Whoever points at a bar is told its "
    "numbers. "
    "This page holds no script and fetches nothing.</p>\n</footer>\n";

std::string sections(const ReportContent& content) {
  return key_figures(content) + timeline_section(content) + top_domains_section(content) +
         reasons_section(content) + scores_section(content) + new_domains_section(content) +
         latency_section(content) + receivers_section(content);
}

}  // namespace

std::string report_page(const ReportContent& content) {
  std::string html =
      head(content.title) + "<body>\n" + std::string(report_patterns()) + "<main>\n" + report_header(content);
  html += content.totals.connections == 0 ? empty_notice(content) : sections(content);
  return html + std::string(footer) + "</main>\n</body>\n</html>\n";
}

}  // namespace tecs
