#include "tools/kept_rules.hpp"

#include <sstream>

#include "tools/without_white_space.hpp"

namespace tecs {
namespace {

constexpr std::string_view flush = "flush ruleset";

std::string without_comment(const std::string& line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '#' && !quoted) return line.substr(0, i);
  }
  return line;
}

void take_line(const std::string& line, std::string& rules) {
  const std::size_t at = line.find(flush);
  if (at != std::string::npos) rules.clear();
  rules += (at == std::string::npos ? line : line.substr(at + flush.size())) + '\n';
}

// Of include "PATTERN"; empty when the line is no such statement.
std::string included(const std::string& line) {
  const std::size_t begin = line.find('"');
  const std::size_t end = line.rfind('"');
  if (!without_white_space(line).starts_with("include") || begin == std::string::npos || end == begin)
    return {};
  return line.substr(begin + 1, end - begin - 1);
}

bool is_disabled(const Machine& machine) {
  const auto output = machine.run_program({"systemctl", "is-enabled", "nftables.service"});
  if (!output) return false;
  const auto word = without_white_space(output->out);
  return word == "disabled" || word.starts_with("masked");
}

}  // namespace

KeptRules read_kept_rules(const Machine& machine) {
  KeptRules kept;
  std::istringstream lines(machine.read_file("/etc/nftables.conf").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    line = without_comment(line);
    take_line(line, kept.text);
    const std::string pattern = included(line);
    if (pattern.empty()) continue;
    for (const std::string& file : machine.find_files(pattern)) {
      std::istringstream more(machine.read_file(file).value_or(""));
      for (std::string rule; std::getline(more, rule);) take_line(without_comment(rule), kept.text);
    }
  }
  kept.disabled = is_disabled(machine);
  return kept;
}

}  // namespace tecs
