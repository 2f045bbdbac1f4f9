// Options of a program: one Boost.Program_options table serves the command line and the INI file.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <span>

#include "program/help_text.hpp"
#include "tecs/error.hpp"

namespace tecs {

// arguments: without argv[0]. Each option must be written out ("--sel" is not "--selector") and there are no
// positional arguments. If the table has an option `config` and it is given, the INI file of that name is
// read after the command line, which wins; only an option that is composing() takes values from both, and may
// stand twice in the file. `config` itself and options without a value type (help, version) are for the
// command line only. notify() is called, unless an option `help` or `version` was given: then neither the
// file nor what is required matters. Fails with bad_option and a sentence that names the option, or for the
// file begins "file:line: key: ".
[[nodiscard]] Expected<boost::program_options::variables_map> read_options(
    std::span<const char* const> arguments, const boost::program_options::options_description& table);

}  // namespace tecs
