#include "tools/csv_line.hpp"

#include "tools/plain_text.hpp"

namespace tecs {

std::string csv_text(std::string_view octets) {
  std::string text = plain_text(octets);
  if (text.find_first_of("=+-@") == 0) text.insert(0, "'");
  if (text.find_first_of("\", ") == std::string::npos) return text;
  // RFC 4180 section 2, rules 6 and 7.
  std::string quoted = "\"";
  for (const char character : text) {
    if (character == '"') quoted += '"';
    quoted += character;
  }
  return quoted + '"';
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line += ',';
    line += field;
  }
  return line + "\r\n";
}

}  // namespace tecs
