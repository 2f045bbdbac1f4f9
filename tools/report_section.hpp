// The frame of a part of the report: a heading, what it means in words, then charts and tables.
#pragma once

#include <string>
#include <string_view>

namespace tecs {

// Plain value. All texts are HTML already.
struct ReportSection {
  std::string_view id;
  std::string_view heading;
  std::string sentence;
  std::string body;
};

[[nodiscard]] std::string draw_section(const ReportSection& section);

// A heading that a reader opens to see what is behind it.
[[nodiscard]] std::string draw_details(std::string_view heading, const std::string& body);

}  // namespace tecs
