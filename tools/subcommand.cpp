#include "tools/subcommand.hpp"

#include <ostream>
#include <utility>

namespace tecs {
namespace {

ExitCode code_of(Reason reason) {
  switch (reason) {
    case Reason::bad_option:
    case Reason::bad_endpoint:
    case Reason::family_mismatch:
    case Reason::bad_domain:
    case Reason::bad_selector:
      return ExitCode::usage;
    case Reason::bad_key_file:
    case Reason::bad_zone_file:
      return ExitCode::data_error;
    case Reason::dns_timeout:
    case Reason::dns_error:
      return ExitCode::temporary;
    default:
      return ExitCode::io_error;
  }
}

ExitCode report(const ProgramText& text, const Failure& failure, const Environment& environment) {
  environment.err << text.name << ": " << failure.sentence << '\n';
  if (failure.code == ExitCode::usage) environment.err << "Try '" << text.name << " --help'.\n";
  return failure.code;
}

}  // namespace

tl::unexpected<Failure> failed(ExitCode code, std::string sentence) {
  return tl::unexpected<Failure>(Failure{code, std::move(sentence)});
}

tl::unexpected<Failure> failed(const Error& error) {
  return failed(code_of(error.reason), error.sentence);
}

tl::unexpected<Failure> failed(const Error& error, std::string_view option) {
  return failed(code_of(error.reason), std::string(option) + ": " + error.sentence);
}

ExitCode run_subcommand(const Subcommand& subcommand, Arguments arguments, const Environment& environment) {
  OptionTable table("Options");
  table.add(subcommand.options);
  table.add_options()("help,h", "print this and exit");
  const auto values = read_options(arguments, table);
  if (!values) return report(subcommand.text, failed(values.error()).value(), environment);
  if (values->count("help") != 0) {
    environment.out << help_text(subcommand.text, table);
    return ExitCode::ok;
  }
  const auto code = subcommand.body(*values, environment);
  return code ? *code : report(subcommand.text, code.error(), environment);
}

}  // namespace tecs
