#include "tools/postfix_service_findings.hpp"

#include <utility>

namespace tecs {
namespace {

// As master(5) wants it: white space is allowed in braces only.
std::string override_text(const std::string& parameter, const std::string& value) {
  if (value.find_first_of(" \t") == std::string::npos && !value.starts_with('{'))
    return "-o " + parameter + "=" + value;
  return "-o { " + parameter + " = " + value + " }";
}

}  // namespace

void PostfixServiceFindings::add(Complaint complaint, const std::string& file, unsigned line, bool replaces,
                                 const std::string& change) {
  findings_.push_back({complaint.severity, std::move(complaint.word), service_.title(),
                       std::move(complaint.problem), std::move(complaint.reason), file, line, replaces,
                       change});
}

unsigned PostfixServiceFindings::override_line(const std::string& parameter) const {
  unsigned line = 0;
  for (const auto& setting : service_.entry.overrides) {
    if (setting.name == parameter) line = setting.line;  // the last one holds
  }
  return line;
}

bool PostfixServiceFindings::is_set(const std::string& parameter) const {
  return override_line(parameter) != 0 || configuration_.main_lines.contains(parameter);
}

void PostfixServiceFindings::for_service(Complaint complaint, const std::string& parameter,
                                         const std::string& value) {
  const unsigned line = override_line(parameter);
  // An override can stand on the first line of its service, which is not to be replaced as a whole.
  const bool replaces = line != 0 && line != service_.entry.line;
  add(std::move(complaint), master(), line != 0 ? line : service_.entry.line, replaces,
      override_text(parameter, value));
}

void PostfixServiceFindings::for_all(Complaint complaint, const std::string& parameter,
                                     const std::string& value) {
  const auto found = configuration_.main_lines.find(parameter);
  const unsigned line = found == configuration_.main_lines.end() ? 0 : found->second;
  add(std::move(complaint), configuration_.directory + "/main.cf", line, line != 0,
      parameter + " = " + value);
}

void PostfixServiceFindings::without_chroot(Complaint complaint) {
  std::string text;
  for (std::size_t i = 0; i < service_.entry.fields.size(); ++i)
    text += (text.empty() ? "" : " ") + (i == 4 ? "n" : service_.entry.fields[i]);
  add(std::move(complaint), master(), service_.entry.line, true, text);
}

void PostfixServiceFindings::elsewhere(Complaint complaint, const std::string& file,
                                       const std::string& change, bool replaces) {
  add(std::move(complaint), file, 0, replaces, change);
}

}  // namespace tecs
