#include "program/ini_file.hpp"

#include <cerrno>
#include <fstream>
#include <istream>
#include <string_view>
#include <system_error>

#include "program/configuration_line.hpp"

namespace tecs {
namespace {

bool is_key(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// The content of a line that is wrong is not repeated: it may be anything, of any length.
Expected<IniEntry> parse_line(std::string_view line, unsigned number) {
  if (line.front() == '[') return failure(Reason::bad_option, "sections are not used here");
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return failure(Reason::bad_option, "expected \"key = value\"");
  const std::string_view key = trimmed(line.substr(0, equals));
  if (!is_key(key)) {
    return failure(Reason::bad_option,
                   "expected a key of lower-case letters, digits and hyphens before \"=\"");
  }
  const std::string_view value = trimmed(line.substr(equals + 1));
  if (value.find('\0') != std::string_view::npos) {
    return failure(Reason::bad_option, "a NUL in the value of " + std::string(key));
  }
  return IniEntry{number, std::string(key), std::string(value)};
}

}  // namespace

Expected<std::vector<IniEntry>> read_ini(std::istream& stream, const std::string& name) {
  std::vector<IniEntry> entries;
  std::string text;
  for (unsigned number = 1; std::getline(stream, text); ++number) {
    const std::string_view line = content_of_line(text);
    if (line.empty()) continue;
    auto entry = parse_line(line, number);
    if (!entry) {
      return failure(entry.error().reason,
                     name + ":" + std::to_string(number) + ": " + entry.error().sentence);
    }
    entries.push_back(*std::move(entry));
  }
  if (stream.bad()) return failure(Reason::bad_option, name + ": cannot be read");
  return entries;
}

Expected<std::vector<IniEntry>> read_ini_file(const std::string& path) {
  errno = 0;
  std::ifstream stream(path);
  if (!stream) {
    return failure(Reason::bad_option, path + ": " + std::generic_category().message(errno));
  }
  return read_ini(stream, path);
}

}  // namespace tecs
