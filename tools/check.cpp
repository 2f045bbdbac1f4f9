#include "tools/check.hpp"

#include <array>
#include <boost/program_options/value_semantic.hpp>
#include <optional>
#include <ostream>
#include <span>

#include "tools/check_signer.hpp"
#include "tools/finding_report.hpp"
#include "tools/postfix_findings.hpp"
#include "tools/protocol_options.hpp"
#include "tools/sendmail_findings.hpp"
#include "tools/txt_source_options.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

ReportForm form_of(const OptionValues& values) {
  return values["json"].as<bool>() ? ReportForm::json : ReportForm::text;
}

Outcome<ExitCode> check_postfix(const OptionValues& values, const Environment& environment) {
  const auto directory = values["config-directory"].as<std::string>();
  const auto configuration = read_postfix_configuration(directory, environment.machine);
  if (!configuration) return tl::unexpected(configuration.error());
  const TecsDoors doors{option_text(values, "sasl-socket"), option_text(values, "milter-socket")};
  return report_findings(find_postfix_faults(*configuration, doors, environment.machine.socket_standing),
                         directory, form_of(values), environment.out);
}

// Where Cyrus SASL looks for it, in this order; it takes the first that exists, and no other. The folder of
// plugins is named after the machine where a system keeps libraries of several.
constexpr std::array sasl_files{"/etc/sasl2/Sendmail.conf", "/etc/sasl/Sendmail.conf",
                                "/usr/lib/*/sasl2/Sendmail.conf", "/usr/lib/sasl2/Sendmail.conf"};
constexpr std::array plugin_files{"/usr/lib/*/sasl2/libsasltecs.so", "/usr/lib/sasl2/libsasltecs.so",
                                  "/usr/lib64/sasl2/libsasltecs.so"};

std::optional<std::string> first_file(std::span<const char* const> patterns, const Machine& machine) {
  for (const char* pattern : patterns) {
    if (const auto found = machine.find_files(pattern); !found.empty()) return found.front();
  }
  return std::nullopt;
}

Outcome<ExitCode> check_sendmail(const OptionValues& values, const Environment& environment) {
  SendmailFiles files{values["config-file"].as<std::string>(), "", sasl_files.front(), std::nullopt, false};
  auto text = environment.machine.read_file(files.cf);
  if (!text) return failed(ExitCode::no_input, text.error().sentence);
  files.cf_text = *std::move(text);
  files.has_plugin = first_file(plugin_files, environment.machine).has_value();
  auto sasl_file = option_text(values, "sasl");
  if (!sasl_file) sasl_file = first_file(sasl_files, environment.machine);
  if (sasl_file) {
    files.sasl = *sasl_file;
    auto sasl = environment.machine.read_file(*sasl_file);
    if (!sasl) return failed(ExitCode::no_input, sasl.error().sentence);
    files.sasl_text = *std::move(sasl);
  }
  return report_findings(
      find_sendmail_faults(files, option_text(values, "milter-socket"), environment.machine.socket_standing),
      files.cf, form_of(values), environment.out);
}

void add_common_options(OptionTable& table) {
  auto add = table.add_options();
  add("milter-socket", po::value<std::string>()->value_name("SOCKET"),
      "tecs-milter's milter socket, if its path has no \"tecs\" in it");
  add("json", po::bool_switch(), "print one JSON object");
}

void add_postfix_options(OptionTable& table) {
  auto add = table.add_options();
  add("config-directory", po::value<std::string>()->value_name("DIRECTORY")->default_value("/etc/postfix"),
      "where Postfix's main.cf and master.cf are");
  add("sasl-socket", po::value<std::string>()->value_name("SOCKET"),
      "tecs-milter's SASL socket, if its path has no \"tecs\" in it");
}

void add_sendmail_options(OptionTable& table) {
  auto add = table.add_options();
  add("config-file", po::value<std::string>()->value_name("FILE")->default_value("/etc/mail/sendmail.cf"),
      "Sendmail's configuration");
  add("sasl", po::value<std::string>()->value_name("FILE"),
      "Sendmail.conf of Cyrus SASL (default: where that looks)");
}

constexpr const char* description =
    "Reads the configuration of a mail server and prints what is unsafe, what does not work and what\n"
    "could be better with TECS, each with the line to change. Nothing is changed. Ends with 0 when\n"
    "signatures work and permit nobody to relay, 1 when something is unsafe or broken.";

ExitCode run_postfix(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_postfix_options(table);
  add_common_options(table);
  const ProgramText text{
      .name = "tecs check postfix",
      .usage =
          "[--config-directory DIRECTORY] [--sasl-socket SOCKET]\n"
          "                          [--milter-socket SOCKET] [--json]",
      .description = description,
      .examples = "tecs check postfix\ntecs check postfix --config-directory /etc/postfix-mx --json"};
  return run_subcommand({text, table, check_postfix}, arguments, environment);
}

ExitCode run_sendmail(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_sendmail_options(table);
  add_common_options(table);
  const ProgramText text{
      .name = "tecs check sendmail",
      .usage = "[--config-file FILE] [--sasl FILE] [--milter-socket SOCKET] [--json]",
      .description = description,
      .examples =
          "tecs check sendmail\n"
          "tecs check sendmail --config-file /etc/mail/sendmail.cf --sasl /usr/lib/sasl2/Sendmail.conf"};
  return run_subcommand({text, table, check_sendmail}, arguments, environment);
}

Outcome<ExitCode> refuse(const OptionValues&, const Environment&) {
  return failed(ExitCode::usage, "say what: postfix, sendmail or signer");
}

// Shows the options of all; does nothing else.
ExitCode run_neither(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_postfix_options(table);
  add_sendmail_options(table);
  add_signer_check_options(table);
  add_txt_source_options(table);
  add_common_options(table);
  const ProgramText text{
      .name = "tecs check",
      .usage =
          "postfix [--config-directory DIRECTORY] [--sasl-socket SOCKET]\n"
          "                          [--milter-socket SOCKET] [--json]\n"
          "       tecs check sendmail [--config-file FILE] [--sasl FILE] [--milter-socket SOCKET] [--json]\n"
          "       tecs check signer [--configuration FILE] [--user USER] [--mta NAME]\n"
          "                         [--config-directory DIRECTORY] [--config-file FILE]\n"
          "                         [--zone FILE | --resolver IP:PORT] [--json]",
      .description = description,
      .examples =
          "tecs check postfix\n"
          "tecs check postfix --config-directory /etc/postfix-mx --json\n"
          "tecs check sendmail --config-file /etc/mail/sendmail.cf\n"
          "tecs check signer"};
  return run_subcommand({text, table, refuse}, arguments, environment);
}

}  // namespace

ExitCode run_check(Arguments arguments, const Environment& environment) {
  const std::string_view server = arguments.empty() ? "" : arguments.front();
  if (server == "postfix") return run_postfix(arguments.subspan(1), environment);
  if (server == "sendmail") return run_sendmail(arguments.subspan(1), environment);
  if (server == "signer") return run_check_signer(arguments.subspan(1), environment);
  // A word that names no server would be refused as a positional argument, which explains less.
  if (!server.empty() && !server.starts_with('-')) return run_neither({}, environment);
  return run_neither(arguments, environment);
}

}  // namespace tecs
