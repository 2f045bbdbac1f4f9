#include "tools/command.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <ostream>
#include <string_view>

#include "tools/check.hpp"
#include "tools/explain.hpp"
#include "tools/keygen.hpp"
#include "tools/lookup.hpp"
#include "tools/probe.hpp"
#include "tools/record.hpp"
#include "tools/sign.hpp"
#include "tools/verdicts.hpp"
#include "tools/verify.hpp"

namespace tecs {
namespace {

struct Entry {
  std::string_view name;
  ExitCode (*run)(Arguments arguments, const Environment& environment);
  std::string_view summary;
};

constexpr std::array<Entry, 9> entries{{
    {"keygen", run_keygen, "make a private key and the DNS record to publish"},
    {"record", run_record, "print the DNS record of a private key"},
    {"lookup", run_lookup, "show what stands in DNS for a domain, and what is wrong with it"},
    {"sign", run_sign, "sign a connection"},
    {"verify", run_verify, "check whether a credential signs a connection"},
    {"verdicts", run_verdicts, "list what a receiver decided about its connections"},
    {"explain", run_explain, "say why a receiver decided as it did about one connection"},
    {"probe", run_probe_command, "talk to a receiving server, and say what its answers mean"},
    {"check", run_check, "look for what is unsafe or broken in a mail server's configuration"},
}};

void print_overview(std::ostream& out) {
  out << "Usage: tecs SUBCOMMAND [OPTIONS]\n\nTrusted Email Connection Signing, for "
         "people.\n\nSubcommands:\n";
  for (const Entry& entry : entries) {
    out << "  " << std::left << std::setw(10) << entry.name << entry.summary << '\n';
  }
  out << "\n'tecs help SUBCOMMAND' says more. 'tecs --version' prints the version.\n";
}

// The name may hold anything, so it is not repeated.
ExitCode refuse(std::string_view sentence, std::ostream& err) {
  err << "tecs: " << sentence << "\n\n";
  print_overview(err);
  return ExitCode::usage;
}

ExitCode run_entry(std::string_view name, Arguments arguments, const Environment& environment) {
  const auto* const entry =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == name; });
  if (entry == entries.end()) return refuse("there is no such subcommand", environment.err);
  return entry->run(arguments, environment);
}

ExitCode run_help(Arguments arguments, const Environment& environment) {
  if (arguments.empty()) {
    print_overview(environment.out);
    return ExitCode::ok;
  }
  if (arguments.size() > 1) return refuse("help takes the name of one subcommand", environment.err);
  constexpr std::array help{"--help"};
  return run_entry(arguments.front(), help, environment);
}

ExitCode dispatch(Arguments arguments, const Environment& environment) {
  if (arguments.empty()) return refuse("a subcommand is missing", environment.err);
  const std::string_view first = arguments.front();
  const Arguments rest = arguments.subspan(1);
  if (first == "help") return run_help(rest, environment);
  if (first == "--help" || first == "-h" || first == "--version") {
    if (!rest.empty()) return refuse(std::string(first) + " stands alone", environment.err);
    if (first != "--version") return run_help({}, environment);
    environment.out << version_text("tecs");
    return ExitCode::ok;
  }
  return run_entry(first, rest, environment);
}

}  // namespace

ExitCode run_command(Arguments arguments, const Environment& environment) {
  const ExitCode code = dispatch(arguments, environment);
  environment.out.flush();
  if (environment.out) return code;
  environment.err << "tecs: the output cannot be written\n";
  return ExitCode::io_error;
}

}  // namespace tecs
