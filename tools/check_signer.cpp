#include "tools/check_signer.hpp"

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <ostream>
#include <sstream>
#include <utility>

#include "tools/finding_report.hpp"
#include "tools/listening_ports.hpp"
#include "tools/protocol_options.hpp"
#include "tools/signer_surroundings.hpp"
#include "tools/txt_source_options.hpp"
#include "tools/without_white_space.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;
using Json = nlohmann::json;

constexpr FindingConclusions conclusions{
    .unsafe = "Do not leave it like this: others can send mail in your name.",
    .broken = "Mail goes out unsigned, or not at all.",
    .good = "Good: as far as is to be seen, mail goes out signed, with keys that receivers find.",
};

// What the program prints; empty when it cannot be run or complains.
std::string output_of(const std::vector<std::string>& command, const Machine& machine) {
  const auto output = machine.run_program(command);
  return output && output->exit_code == 0 ? output->out : std::string();
}

// The configuration says it, else the unit does, else it is the user that comes with TECS.
std::string user_of(const OptionValues& values, const SignerConfiguration& configuration,
                    const Machine& machine) {
  if (const auto user = option_text(values, "user")) return *user;
  if (configuration.user) return *configuration.user;
  const std::string unit =
      output_of({"systemctl", "show", "--property=User", "--value", "tecs-signer.service"}, machine);
  const std::string user(without_white_space(unit));
  return user.empty() ? "tecs" : user;
}

void read_rules(SignerSurroundings& around, const Machine& machine, std::vector<Finding>& found) {
  const auto listed = machine.run_program({"nft", "-j", "list", "ruleset"});
  const bool readable = listed && listed->exit_code == 0;
  const bool has_nft = !listed || listed->exit_code != program_not_found;
  const std::string ipv4 = output_of({"iptables-save", "-t", "nat"}, machine);
  const std::string ipv6 = output_of({"ip6tables-save", "-t", "nat"}, machine);
  const Severity severity = around.configuration.original_destination() ? Severity::broken : Severity::advice;
  if (has_nft && !readable) {
    const std::string why = listed ? std::string(without_white_space(listed->err)) : listed.error().sentence;
    found.push_back({severity, "rules-unseen", "redirect", "The firewall's rules cannot be read: " + why,
                     "Whether mail reaches the signer is not known; do this as root.", "", 0, false,
                     "sudo tecs check signer"});
    return;
  }
  auto rules = NatRules::parse(readable ? listed->out : R"({"nftables": []})");
  if (!rules) {
    found.push_back({severity, "rules-unseen", "redirect", rules.error().sentence + ".",
                     "Whether mail reaches the signer is not known.", "", 0, false, "nft -j list ruleset"});
    return;
  }
  // nft shows of rules that iptables made only that they are there, and nothing of those that the kernel
  // keeps for the old iptables.
  for (const auto& [family, saved] :
       {std::pair(AddressFamily::ipv4, ipv4), std::pair(AddressFamily::ipv6, ipv6)}) {
    const bool tells_more = rules->has_iptables_rules() || !rules->has_table_nat(family);
    if (!saved.empty() && tells_more) rules->use_iptables(family, saved);
  }
  around.rules = *std::move(rules);
}

// "ip -j address": a list of interfaces, each with its "addr_info".
std::vector<IpAddress> read_own_addresses(const Machine& machine) {
  const Json interfaces = Json::parse(output_of({"ip", "-j", "address"}, machine), nullptr, false);
  std::vector<IpAddress> addresses;
  if (!interfaces.is_array()) return addresses;
  for (const Json& each : interfaces) {
    const Json* list = member(each, "addr_info");
    if (list == nullptr || !list->is_array()) continue;
    for (const Json& entry : *list) {
      if (const auto address = IpAddress::parse(text_of(member(entry, "local"))))
        addresses.push_back(*address);
    }
  }
  return addresses;
}

void read_open_ports(SignerSurroundings& around, const Machine& machine) {
  const auto ipv4 = machine.read_file("/proc/net/tcp");
  if (!ipv4) return;
  around.open_ports = parse_listening_ports(*ipv4);
  const auto ipv6 = parse_listening_ports(machine.read_file("/proc/net/tcp6").value_or(""));
  around.open_ports->insert(around.open_ports->end(), ipv6.begin(), ipv6.end());
  const auto& listeners = around.configuration.listeners;
  for (auto& open : *around.open_ports) {
    const bool ours = std::any_of(listeners.begin(), listeners.end(),
                                  [&](const auto& each) { return each.port == open.port; });
    if (ours && open.inode != 0) open.programs = machine.programs_with_socket(open.inode);
  }
}

void use_mta_user(SignerSurroundings& around, const std::string& name, const Machine& machine) {
  if (const auto account = machine.find_account(name)) around.mta_user = account->user;
}

Outcome<void> read_postfix(const std::string& directory, SignerSurroundings& around, const Machine& machine) {
  auto configuration = read_postfix_configuration(directory, machine, "smtp");
  if (!configuration) return tl::unexpected(configuration.error());
  around.mta = Mta::postfix;
  around.postfix = *std::move(configuration);
  if (around.postfix->services.empty()) return {};
  const SmtpdService& client = around.postfix->services.front();
  use_mta_user(around, client.value("mail_owner"), machine);
  around.mta_uses_ipv6 = client.value("inet_protocols") != "ipv4";
  return {};
}

Outcome<void> read_sendmail(const std::string& file, SignerSurroundings& around, const Machine& machine) {
  auto text = machine.read_file(file);
  if (!text) return failed(ExitCode::no_input, text.error().sentence);
  around.mta = Mta::sendmail;
  around.sendmail_cf = *std::move(text);
  around.sendmail_access = machine.read_file("/etc/mail/access").value_or("");
  use_mta_user(around, "root", machine);
  return {};
}

Outcome<void> read_exim(SignerSurroundings& around, const Machine& machine) {
  around.mta = Mta::exim;
  for (const char* program : {"exim4", "exim"}) {
    around.exim_transports = output_of({program, "-bP", "transports"}, machine);
    around.exim_routers = output_of({program, "-bP", "routers"}, machine);
    if (!around.exim_transports.empty()) break;
  }
  if (around.exim_transports.empty()) {
    return failed(ExitCode::unavailable, "neither exim4 nor exim says what its transports are");
  }
  for (const char* name : {"exim", "Debian-exim"}) use_mta_user(around, name, machine);
  return {};
}

Outcome<void> read_mta(const OptionValues& values, SignerSurroundings& around, const Machine& machine) {
  const auto directory = values["config-directory"].as<std::string>();
  const auto file = values["config-file"].as<std::string>();
  std::string mta = values["mta"].as<std::string>();
  if (mta == "found") {
    mta = machine.read_file(directory + "/main.cf")           ? "postfix"
          : machine.read_file(file)                           ? "sendmail"
          : !machine.find_files("/etc/exim4/*.conf*").empty() ? "exim"
                                                              : "none";
  }
  if (mta == "postfix") return read_postfix(directory, around, machine);
  if (mta == "sendmail") return read_sendmail(file, around, machine);
  if (mta == "exim") return read_exim(around, machine);
  if (mta == "none") return {};
  return failed(ExitCode::usage, "--mta: found, postfix, sendmail, exim or none");
}

Outcome<ExitCode> check_signer(const OptionValues& values, const Environment& environment) {
  const Machine& machine = environment.machine;
  SignerSurroundings around;
  auto configuration = read_signer_configuration(values["configuration"].as<std::string>(), machine);
  if (!configuration) return tl::unexpected(configuration.error());
  around.configuration = *std::move(configuration);
  if (const auto read = read_mta(values, around, machine); !read) return tl::unexpected(read.error());
  const auto dns = open_txt_source(values, environment);
  if (!dns) return tl::unexpected(dns.error());
  around.user = user_of(values, around.configuration, machine);
  around.account = machine.find_account(around.user);
  around.kept_rules = read_kept_rules(machine);
  around.own_addresses = read_own_addresses(machine);
  read_open_ports(around, machine);

  std::vector<Finding> found;
  read_rules(around, machine, found);
  find_redirect_faults(around, found);
  find_listener_faults(around, found);
  find_key_faults(around, machine, **dns, environment.clock, found);
  find_route_faults(around, found);
  find_mta_faults(around, found);
  const ReportForm form = values["json"].as<bool>() ? ReportForm::json : ReportForm::text;
  return report_findings(std::move(found), around.configuration.file, form, environment.out, conclusions);
}

}  // namespace

void add_signer_check_options(OptionTable& table) {
  auto add = table.add_options();
  add("configuration", po::value<std::string>()->value_name("FILE")->default_value("/etc/tecs/signer.conf"),
      "that of tecs-signer; not --config, by which a program of TECS reads its own options");
  add("user", po::value<std::string>()->value_name("USER"),
      "whom the signer runs as (default: what its configuration or its unit says, else tecs)");
  add("mta", po::value<std::string>()->value_name("NAME")->default_value("found"),
      "what hands mail to the signer: postfix, sendmail, exim, none, or what is found here");
}

ExitCode run_check_signer(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_signer_check_options(table);
  auto add = table.add_options();
  add("config-directory", po::value<std::string>()->value_name("DIRECTORY")->default_value("/etc/postfix"),
      "where Postfix's main.cf and master.cf are");
  add("config-file", po::value<std::string>()->value_name("FILE")->default_value("/etc/mail/sendmail.cf"),
      "Sendmail's configuration");
  add_txt_source_options(table);
  add("json", po::bool_switch(), "print one JSON object");
  const ProgramText text{
      .name = "tecs check signer",
      .usage =
          "[--configuration FILE] [--user USER] [--mta NAME] [--config-directory DIRECTORY]\n"
          "                         [--config-file FILE] [--zone FILE | --resolver IP:PORT] [--json]",
      .description =
          "Looks whether outgoing mail really goes through tecs-signer: whether the firewall redirects\n"
          "port 25 to where it listens, over IPv4 and IPv6, and spares its own connections; whether the\n"
          "MTA demands TLS of its own; whether the keys can be read and are those in DNS. Prints what is\n"
          "unsafe, broken or could be better, each with the line to change. Changes nothing; needs root\n"
          "to see the firewall's rules. Ends with 0 when mail goes out signed, 1 when something is\n"
          "unsafe or broken.",
      .examples =
          "tecs check signer\n"
          "tecs check signer --configuration /etc/tecs/signer.conf --mta exim --json"};
  return run_subcommand({text, table, check_signer}, arguments, environment);
}

}  // namespace tecs
