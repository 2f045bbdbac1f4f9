// A command that is a table of subcommands: `tecs`, `tecs verdicts`, `tecs reputation`.
#pragma once

#include <span>
#include <string_view>

#include "program/exit_code.hpp"
#include "tools/environment.hpp"
#include "tools/subcommand.hpp"

namespace tecs {

struct SubcommandEntry {
  std::string_view name;
  ExitCode (*run)(Arguments arguments, const Environment& environment);
  std::string_view summary;  // what it does, without a full stop
};

// Plain value; what it refers to must outlive it.
struct SubcommandTable {
  std::string_view name;         // "tecs verdicts"
  std::string_view description;  // a sentence or more, with line breaks where they are wanted
  std::span<const SubcommandEntry> entries;
  // Runs when the first argument is an option or there is none; null: a word is required.
  ExitCode (*without_word)(Arguments arguments, const Environment& environment) = nullptr;
};

// "--help", "-h" and "help" print the overview, with the entries under "Subcommands:"; "help WORD" is
// "WORD --help". A word that is not in the table ends with usage, and is not repeated.
[[nodiscard]] ExitCode run_subcommand_table(const SubcommandTable& table, Arguments arguments,
                                            const Environment& environment);

}  // namespace tecs
