#include "program/help_text.hpp"

#include <algorithm>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <sstream>
#include <vector>

namespace tecs {
namespace {

namespace po = boost::program_options;

// Two spaces before each line that is not empty.
std::string indented(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) result += line.empty() ? "\n" : "  " + line + "\n";
  return result;
}

// What help says of one option.
struct OptionLine {
  std::string name;  // "--key FILE"
  std::string description;
};

OptionLine describe(const po::option_description& option) {
  OptionLine line{.name = "--" + option.long_name(), .description = option.description()};
  const std::string brief = option.canonical_display_name(po::command_line_style::allow_dash_for_short);
  if (brief.size() == 2 && brief.front() == '-') line.name = brief + ", " + line.name;
  if (option.semantic()->max_tokens() == 0) return line;
  // Boost says a default as "FILE (=default)".
  const std::string value = option.format_parameter();
  const std::size_t mark = value.find(" (=");
  line.name += " " + value.substr(0, mark);
  if (mark != std::string::npos) {
    line.description += " (default: " + value.substr(mark + 3);
  }
  return line;
}

// Words with line breaks between, so that no line has more than `width` characters unless one word has; later
// lines begin with `indent` spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::istringstream words(text);
  std::string result;
  std::size_t used = 0;
  for (std::string word; words >> word;) {
    if (used != 0 && used + 1 + word.size() > width) {
      result += "\n" + std::string(indent, ' ');
      used = 0;
    }
    if (used != 0) result += ' ';
    result += word;
    used += word.size() + (used != 0 ? 1 : 0);
  }
  return result;
}

std::string option_lines(const po::options_description& table) {
  constexpr std::size_t columns = 100;
  constexpr std::size_t longest_name = 30;
  std::vector<OptionLine> lines;
  std::size_t width = 0;
  for (const auto& option : table.options()) {
    lines.push_back(describe(*option));
    if (lines.back().name.size() <= longest_name) width = std::max(width, lines.back().name.size());
  }
  const std::size_t indent = width + 4;
  std::string result;
  for (const OptionLine& line : lines) {
    result += "  " + line.name;
    // A long name has the line for itself.
    result += line.name.size() > width ? "\n" + std::string(indent, ' ')
                                       : std::string(indent - 2 - line.name.size(), ' ');
    result += wrapped(line.description, columns - indent, indent) + "\n";
  }
  return result;
}

}  // namespace

std::string help_text(const ProgramText& text, const po::options_description& table) {
  std::ostringstream out;
  out << "Usage: " << text.name;
  if (!text.usage.empty()) out << ' ' << text.usage;
  out << "\n\n" << text.description << "\n\n";
  out << "Options:\n" << option_lines(table);
  if (!text.examples.empty()) out << "\nExamples:\n" << indented(text.examples);
  return out.str();
}

std::string version_text(std::string_view program_name) {
  return std::string(program_name).append(" " TECS_VERSION "\n");
}

}  // namespace tecs
