#include "tools/lookup.hpp"

#include <ostream>
#include <vector>

#include "tools/key_name_report.hpp"
#include "tools/protocol_options.hpp"
#include "tools/txt_source_options.hpp"

namespace tecs {
namespace {

// What a verifier ends up with: the first name at which it does not go on to the next.
ExitCode print_conclusion(const KeyNameReport* decisive, std::ostream& out) {
  out << '\n';
  if (decisive == nullptr) {
    out << "No key record: a signature of this domain is permerror.\n";
    return ExitCode::failed;
  }
  switch (decisive->standing()) {
    case KeyStanding::usable:
      out << "Usable: " << describe_key(**decisive->selected) << ", at " << decisive->name << ".\n";
      return ExitCode::ok;
    case KeyStanding::no_answer:
      out << "Not known: " << decisive->name << " could not be looked up; try again later.\n";
      return ExitCode::temporary;
    default:
      out << "Not usable: no signature of this domain can pass. See " << decisive->name << " above.\n";
      return ExitCode::failed;
  }
}

Outcome<ExitCode> lookup(const OptionValues& values, const Environment& environment) {
  const auto domain = read_domain(values);
  if (!domain) return tl::unexpected(domain.error());
  const auto selector = read_selector(values);
  if (!selector) return tl::unexpected(selector.error());
  const auto source = open_txt_source(values, environment);
  if (!source) return tl::unexpected(source.error());

  std::vector<KeyNameReport> reports;
  for (const std::string& name : key_names(*domain, *selector))
    reports.push_back(examine_key_name(name, **source));
  const KeyNameReport* decisive = nullptr;
  for (const KeyNameReport& report : reports) {
    print_key_name_report(report, environment.out);
    if (decisive != nullptr) {
      environment.out << "  not used: verifiers stop at " << decisive->name << '\n';
    } else if (report.standing() != KeyStanding::no_key) {
      decisive = &report;
    }
  }
  return print_conclusion(decisive, environment.out);
}

}  // namespace

ExitCode run_lookup(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_domain_options(table);
  add_txt_source_options(table);
  const ProgramText text{
      .name = "tecs lookup",
      .usage = "--domain DOMAIN [--selector SELECTOR] [--zone FILE | --resolver IP:PORT]",
      .description =
          "Shows every TXT record at the names where a verifier looks for the key of a domain, what it\n"
          "makes of each, and what is wrong. Ends with 0 if there is a key to verify with, 1 if there\n"
          "is none, 75 if DNS gave no answer.",
      .examples =
          "tecs lookup --domain example.org\n"
          "tecs lookup --domain example.org --selector s1 --resolver 192.0.2.53:53\n"
          "tecs lookup --domain example.org --zone example.org.zone"};
  return run_subcommand({text, table, lookup}, arguments, environment);
}

}  // namespace tecs
