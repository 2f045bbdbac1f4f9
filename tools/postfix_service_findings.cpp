#include "tools/postfix_service_findings.hpp"

#include <utility>

namespace tecs {
namespace {

constexpr std::size_t chroot_column = 4;

// As master(5) wants it: white space is allowed in braces only.
std::string override_text(const std::string& parameter, const std::string& value) {
  if (value.find_first_of(" \t") == std::string::npos && !value.starts_with('{'))
    return "-o " + parameter + "=" + value;
  return "-o { " + parameter + " = " + value + " }";
}

}  // namespace

void PostfixServiceFindings::add(Fault fault, const std::string& file, unsigned line, bool replaces,
                                 const std::string& change) {
  findings_.push_back({fault.severity, std::move(fault.word), service_.title(), std::move(fault.problem),
                       std::move(fault.reason), file, line, replaces, change});
}

const MasterEntry::Override* PostfixServiceFindings::override_of(const std::string& parameter) const {
  const MasterEntry::Override* found = nullptr;
  for (const auto& setting : service_.entry.overrides) {
    if (setting.name == parameter) found = &setting;  // the last one holds
  }
  return found;
}

bool PostfixServiceFindings::is_set(const std::string& parameter) const {
  return override_of(parameter) != nullptr || configuration_.main_lines.contains(parameter);
}

void PostfixServiceFindings::for_service(Fault fault, const std::string& parameter,
                                         const std::string& value) {
  // A line that has more than this override must stay; what is added at the end holds nevertheless.
  const MasterEntry::Override* const setting = override_of(parameter);
  const bool replaces = setting != nullptr && setting->alone;
  add(std::move(fault), master(), replaces ? setting->line : service_.entry.last_line, replaces,
      override_text(parameter, value));
}

void PostfixServiceFindings::for_all(Fault fault, const std::string& parameter, const std::string& value) {
  const auto found = configuration_.main_lines.find(parameter);
  const unsigned line = found == configuration_.main_lines.end() ? 0 : found->second;
  add(std::move(fault), configuration_.directory + "/main.cf", line, line != 0, parameter + " = " + value);
}

void PostfixServiceFindings::without_chroot(Fault fault) {
  // The line with all that stands on it, which can be overrides as well.
  const auto& words = service_.entry.words;
  const unsigned line = words[chroot_column].line;
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].line != line) continue;
    if (words[i].last_line != line) {
      return elsewhere(std::move(fault), "",
                       "postconf -c " + configuration_.directory + " -F " + service_.title() + "/chroot=n");
    }
    text += (text.empty() ? "" : " ") + (i == chroot_column ? std::string("n") : words[i].text);
  }
  add(std::move(fault), master(), line, true, text);
}

void PostfixServiceFindings::elsewhere(Fault fault, const std::string& file, const std::string& change,
                                       bool replaces) {
  add(std::move(fault), file, 0, replaces, change);
}

}  // namespace tecs
