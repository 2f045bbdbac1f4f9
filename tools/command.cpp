#include "tools/command.hpp"

#include <array>
#include <ostream>
#include <string_view>

#include "tools/check.hpp"
#include "tools/explain.hpp"
#include "tools/keygen.hpp"
#include "tools/lookup.hpp"
#include "tools/probe.hpp"
#include "tools/record.hpp"
#include "tools/reputation.hpp"
#include "tools/sign.hpp"
#include "tools/subcommand_table.hpp"
#include "tools/verdicts.hpp"
#include "tools/verify.hpp"

namespace tecs {
namespace {

constexpr std::array<SubcommandEntry, 10> entries{{
    {"keygen", run_keygen, "make a private key and the DNS record to publish"},
    {"record", run_record, "print the DNS record of a private key"},
    {"lookup", run_lookup, "show what stands in DNS for a domain, and what is wrong with it"},
    {"sign", run_sign, "sign a connection"},
    {"verify", run_verify, "check whether a credential signs a connection"},
    {"verdicts", run_verdicts, "query and collect what receivers decided about their connections"},
    {"reputation", run_reputation, "take complaints, and say what domains are worth"},
    {"explain", run_explain, "say why a receiver decided as it did about one connection"},
    {"probe", run_probe_command, "talk to a receiving server, and say what its answers mean"},
    {"check", run_check, "look for what is unsafe or broken in a mail server's configuration"},
}};

constexpr SubcommandTable table{
    .name = "tecs",
    .description = "Trusted Email Connection Signing, for people. 'tecs --version' prints the version.",
    .entries = entries};

ExitCode dispatch(Arguments arguments, const Environment& environment) {
  const bool version = !arguments.empty() && std::string_view(arguments.front()) == "--version";
  if (!version) return run_subcommand_table(table, arguments, environment);
  if (arguments.size() > 1) {
    environment.err << "tecs: --version stands alone\n";
    return ExitCode::usage;
  }
  environment.out << version_text("tecs");
  return ExitCode::ok;
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
