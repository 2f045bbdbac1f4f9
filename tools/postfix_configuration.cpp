#include "tools/postfix_configuration.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "tools/postfix_words.hpp"

namespace tecs {
namespace {

constexpr std::size_t column_count = 8;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool is_comment_or_empty(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  return first == std::string_view::npos || line[first] == '#';
}

bool continues(std::string_view line) {
  return line.front() == ' ' || line.front() == '\t';
}

std::vector<MasterEntry::Word> numbered_words(
    const std::vector<std::pair<unsigned, std::string_view>>& lines) {
  std::string joined;
  std::vector<std::pair<std::size_t, unsigned>> starts;
  for (const auto& [number, line] : lines) {
    starts.emplace_back(joined.size(), number);
    joined += std::string(line) + "\n";
  }
  const auto line_at = [&starts](std::size_t position) {
    const auto after = std::upper_bound(starts.begin(), starts.end(), position,
                                        [](std::size_t at, const auto& start) { return at < start.first; });
    return std::prev(after)->second;
  };
  std::vector<MasterEntry::Word> words;
  std::size_t position = 0;
  for (const std::string& word : postfix_words(joined, Separators::white_space)) {
    position = joined.find(word, position);
    std::string text = word;
    std::replace(text.begin(), text.end(), '\n', ' ');
    words.push_back({std::move(text), line_at(position), line_at(position + word.size() - 1)});
    position += word.size();
  }
  return words;
}

// first, last: of the words of an override; never the first word of all.
bool has_a_line_alone(const std::vector<MasterEntry::Word>& words, std::size_t first, std::size_t last) {
  const unsigned line = words[first].line;
  return words[last].last_line == line && words[first - 1].last_line < line &&
         (last + 1 == words.size() || words[last + 1].line > line);
}

MasterEntry make_entry(std::vector<MasterEntry::Word> words) {
  MasterEntry entry;
  entry.line = words.front().line;
  entry.last_line = words.back().last_line;
  for (std::size_t i = 0; i < column_count; ++i) entry.fields.push_back(words[i].text);
  for (std::size_t i = column_count; i < words.size(); ++i) {
    if (!words[i].text.starts_with("-o")) continue;
    std::string text = words[i].text.substr(2);
    const std::size_t first = i;
    if (text.empty() && ++i < words.size()) text = words[i].text;
    const NameAndValue setting = parse_name_and_value(without_braces(text));
    const std::size_t last = std::min(i, words.size() - 1);
    entry.overrides.push_back(
        {setting.name, setting.value, words[first].line, has_a_line_alone(words, first, last)});
  }
  entry.words = std::move(words);
  return entry;
}

Outcome<std::string> run_postconf(const std::vector<std::string>& arguments, const Machine& machine) {
  std::vector<std::string> command{"postconf"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto output = machine.run_program(command);
  if (!output) return failed(ExitCode::unavailable, output.error().sentence);
  if (output->exit_code == program_not_found) {
    return failed(ExitCode::unavailable, output->err + " (is Postfix installed?)");
  }
  if (output->exit_code == 0) return output->out;
  // The last line is the one that says why it ended.
  const auto lines = lines_of(output->err);
  return failed(ExitCode::no_input, lines.empty() ? "postconf failed" : std::string(lines.back()));
}

Outcome<std::map<std::string, std::string>> read_parameters(const std::string& directory,
                                                            const MasterEntry& entry,
                                                            const Machine& machine) {
  std::vector<std::string> arguments{"-c", directory, "-x"};
  for (const auto& setting : entry.overrides) {
    arguments.insert(arguments.end(), {"-o", setting.name + "=" + setting.value});
  }
  return run_postconf(arguments, machine).map([](const std::string& text) {
    std::map<std::string, std::string> parameters;
    for (const std::string_view line : lines_of(text)) {
      NameAndValue parameter = parse_name_and_value(line);
      parameters[parameter.name] = parameter.value;
    }
    return parameters;
  });
}

// Where Cyrus SASL looks when Postfix does not say: below Postfix's own configuration, as Debian has it, then
// where the library looks.
std::string default_sasl_folders(const std::string& directory) {
  return directory + "/sasl:/etc/sasl2:/etc/sasl:/usr/lib/sasl2";
}

void read_sasl_file(SmtpdService& service, const std::string& directory, const Machine& machine) {
  if (service.value("smtpd_sasl_type") != "cyrus") return;
  std::string folders = service.value("cyrus_sasl_config_path");
  if (folders.empty()) folders = default_sasl_folders(directory);
  while (!folders.empty()) {
    const std::size_t colon = folders.find(':');
    const std::string file = folders.substr(0, colon) + "/" + service.value("smtpd_sasl_path") + ".conf";
    folders.erase(0, colon == std::string::npos ? colon : colon + 1);
    if (service.sasl_file.empty()) service.sasl_file = file;
    if (auto text = machine.read_file(file)) {
      service.sasl_file = file;
      service.sasl_text = *std::move(text);
      return;
    }
  }
}

}  // namespace

std::vector<MasterEntry> parse_master(std::string_view text) {
  std::vector<MasterEntry> entries;
  std::vector<std::pair<unsigned, std::string_view>> logical;
  const auto finish = [&] {
    auto words = numbered_words(logical);
    if (words.size() >= column_count) entries.push_back(make_entry(std::move(words)));
    logical.clear();
  };
  unsigned number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    if (is_comment_or_empty(line)) continue;  // also between a line and its continuation
    if (!continues(line)) finish();
    logical.emplace_back(number, line);
  }
  finish();
  return entries;
}

std::map<std::string, unsigned> lines_of_main(std::string_view text) {
  std::map<std::string, unsigned> found;
  unsigned number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    if (is_comment_or_empty(line) || continues(line)) continue;
    found[parse_name_and_value(line).name] = number;
  }
  return found;
}

const std::string& SmtpdService::value(const std::string& parameter) const {
  static const std::string none;
  const auto found = parameters.find(parameter);
  return found == parameters.end() ? none : found->second;
}

// Since Postfix 3.0 a service is not chrooted unless its line says so; before, it was.
bool SmtpdService::chrooted() const {
  if (entry.fields[4] != "-") return entry.fields[4] == "y";
  return std::strtoul(value("compatibility_level").c_str(), nullptr, 10) < 1;
}

Outcome<PostfixConfiguration> read_postfix_configuration(const std::string& directory, const Machine& machine,
                                                         const std::string& daemon) {
  const auto main_text = machine.read_file(directory + "/main.cf");
  if (!main_text) return failed(ExitCode::no_input, main_text.error().sentence);
  const auto master_text = machine.read_file(directory + "/master.cf");
  if (!master_text) return failed(ExitCode::no_input, master_text.error().sentence);

  // Knows best whether this is a configuration; what it says is parsed below from the files, which have
  // lines.
  if (const auto checked = run_postconf({"-c", directory, "-M"}, machine); !checked)
    return tl::unexpected(checked.error());

  PostfixConfiguration configuration{directory, lines_of_main(*main_text), {}};
  for (MasterEntry& entry : parse_master(*master_text)) {
    if (entry.fields[7] != daemon) continue;
    if (configuration.services.size() == maximum_smtpd_services)
      return failed(ExitCode::data_error,
                    std::string(directory).append("/master.cf: more than 64 services of ").append(daemon));
    auto parameters = read_parameters(directory, entry, machine);
    if (!parameters) return tl::unexpected(parameters.error());
    configuration.services.push_back({std::move(entry), *std::move(parameters), "", std::nullopt});
    read_sasl_file(configuration.services.back(), directory, machine);
  }
  return configuration;
}

}  // namespace tecs
