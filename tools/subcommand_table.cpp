#include "tools/subcommand_table.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <ostream>
#include <string>

namespace tecs {
namespace {

bool asks_for_help(std::string_view argument) {
  return argument == "--help" || argument == "-h";
}

void print_overview(const SubcommandTable& table, std::ostream& out) {
  const bool word_required = table.without_word == nullptr;
  out << "Usage: " << table.name << (word_required ? " SUBCOMMAND" : " [SUBCOMMAND]") << " [OPTIONS]\n\n"
      << table.description << "\n\nSubcommands:\n";
  std::size_t width = 0;
  for (const SubcommandEntry& entry : table.entries) width = std::max(width, entry.name.size());
  for (const SubcommandEntry& entry : table.entries) {
    out << "  " << std::left << std::setw(static_cast<int>(width) + 2) << entry.name << entry.summary << '\n';
  }
  out << "\n'" << table.name << " help SUBCOMMAND' says more.\n";
}

// What stands on the command line may hold anything, so it is not repeated.
ExitCode refuse(const SubcommandTable& table, std::string_view sentence, std::ostream& err) {
  err << table.name << ": " << sentence << "\n\n";
  print_overview(table, err);
  return ExitCode::usage;
}

ExitCode run_entry(const SubcommandTable& table, std::string_view name, Arguments arguments,
                   const Environment& environment) {
  const auto entry = std::find_if(table.entries.begin(), table.entries.end(),
                                  [&](const SubcommandEntry& e) { return e.name == name; });
  if (entry == table.entries.end()) return refuse(table, "there is no such subcommand", environment.err);
  return entry->run(arguments, environment);
}

ExitCode run_help(const SubcommandTable& table, Arguments arguments, const Environment& environment) {
  if (arguments.empty()) {
    print_overview(table, environment.out);
    return ExitCode::ok;
  }
  if (arguments.size() > 1) return refuse(table, "help takes the name of one subcommand", environment.err);
  constexpr std::array help{"--help"};
  return run_entry(table, arguments.front(), help, environment);
}

}  // namespace

ExitCode run_subcommand_table(const SubcommandTable& table, Arguments arguments,
                              const Environment& environment) {
  const std::string_view first = arguments.empty() ? std::string_view() : arguments.front();
  if (asks_for_help(first)) {
    if (arguments.size() == 1) return run_help(table, {}, environment);
    return refuse(table, std::string(first) + " stands alone", environment.err);
  }
  if (first == "help") return run_help(table, arguments.subspan(1), environment);
  if (table.without_word != nullptr && (arguments.empty() || first.starts_with('-')))
    return table.without_word(arguments, environment);
  if (arguments.empty()) return refuse(table, "a subcommand is missing", environment.err);
  return run_entry(table, first, arguments.subspan(1), environment);
}

}  // namespace tecs
