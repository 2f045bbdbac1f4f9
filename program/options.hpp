// Options of a program: one Boost.Program_options table serves the command line and the INI file.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <span>
#include <string>
#include <string_view>

#include "tecs/error.hpp"

namespace tecs {

// What help_text() prints around the table. Every text may hold line breaks and needs none at its end.
struct ProgramText {
  std::string name;         // "tecs-milter", "tecs sign"
  std::string usage;        // what follows the name: "--key FILE --domain DOMAIN [--selector SELECTOR]"
  std::string description;  // what the program does, in sentences
  std::string examples;     // commands, one a line; empty: no such paragraph
};

// arguments: without argv[0]. Each option must be written out ("--sel" is not "--selector") and there are no
// positional arguments. If the table has an option `config` and it is given, the INI file of that name is
// read after the command line, which wins; only an option that is composing() takes values from both, and may
// stand twice in the file. `config` itself and options without a value type (help, version) are for the
// command line only. notify() is called, unless an option `help` or `version` was given: then neither the
// file nor what is required matters. Fails with bad_option and a sentence that names the option, or for the
// file begins "file:line: key: ".
[[nodiscard]] Expected<boost::program_options::variables_map> read_options(
    std::span<const char* const> arguments, const boost::program_options::options_description& table);

// Ends with a line break.
[[nodiscard]] std::string help_text(const ProgramText& text,
                                    const boost::program_options::options_description& table);

// "tecs-milter 0.1.0", a line.
[[nodiscard]] std::string version_text(std::string_view program_name);

}  // namespace tecs
