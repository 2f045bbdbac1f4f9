#include "tools/report_section.hpp"

namespace tecs {

std::string draw_section(const ReportSection& section) {
  const std::string id(section.id);
  return "<section id=\"" + id + "\" aria-labelledby=\"" + id + "-heading\">\n<h2 id=\"" + id +
         "-heading\">" + std::string(section.heading) + "</h2>\n<p class=\"sentence\">" + section.sentence +
         "</p>\n" + section.body + "</section>\n";
}

std::string draw_details(std::string_view heading, const std::string& body) {
  return "<details><summary>" + std::string(heading) + "</summary>\n" + body + "</details>\n";
}

}  // namespace tecs
