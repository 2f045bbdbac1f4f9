// The frame in which every subcommand runs: options, --help, what is said when it fails.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <span>
#include <string>
#include <string_view>

#include "program/exit_code.hpp"
#include "program/options.hpp"
#include "tecs/error.hpp"
#include "tools/environment.hpp"

namespace tecs {

using Arguments = std::span<const char* const>;
using OptionTable = boost::program_options::options_description;
using OptionValues = boost::program_options::variables_map;

// Why a subcommand could not do what it was asked, and how the program ends.
struct Failure {
  ExitCode code;
  std::string sentence;
};

template <typename T>
using Outcome = tl::expected<T, Failure>;

[[nodiscard]] tl::unexpected<Failure> failed(ExitCode code, std::string sentence);
// The code follows from the reason: 64 for what stands on the command line, 65 for what stands in a file, 75
// for what can pass, 74 else.
[[nodiscard]] tl::unexpected<Failure> failed(const Error& error);
// The same for the value of one option, which the sentence then names.
[[nodiscard]] tl::unexpected<Failure> failed(const Error& error, std::string_view option);

struct Subcommand {
  ProgramText text;
  OptionTable options;  // without help, which the frame adds
  // Returns the code of an answer; an answer of "no" is one. A failure is printed by the frame.
  Outcome<ExitCode> (*body)(const OptionValues& values, const Environment& environment);
};

// arguments: those after the subcommand's name.
[[nodiscard]] ExitCode run_subcommand(const Subcommand& subcommand, Arguments arguments,
                                      const Environment& environment);

}  // namespace tecs
