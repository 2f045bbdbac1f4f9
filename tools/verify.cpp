#include "tools/verify.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "tecs/verifier.hpp"
#include "tools/aligned_lines.hpp"
#include "tools/protocol_options.hpp"
#include "tools/txt_source_options.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;
using Json = nlohmann::ordered_json;

ExitCode code_of(Result result) {
  if (result == Result::pass) return ExitCode::ok;
  return result == Result::temperror ? ExitCode::temporary : ExitCode::failed;
}

// The names and their order are part of the interface; what is not known is null.
Json json_of(const Verification& v) {
  return {{"result", word(v.result)},
          {"reason", v.error ? Json(word(v.error->reason)) : Json()},
          {"domain", v.domain ? Json(v.domain->text()) : Json()},
          {"selector", v.selector ? Json(v.selector->text()) : Json()},
          {"algorithm", v.algorithm ? Json(format(*v.algorithm)) : Json()},
          {"key_bits", v.key_bits != 0 ? Json(v.key_bits) : Json()},
          {"dnssec", v.dnssec},
          {"testing", v.testing},
          {"epoch_offset", v.epoch_offset ? Json(v.epoch_offset->count()) : Json()},
          {"detail", v.detail()}};
}

void print_lines(const Verification& v, std::ostream& out) {
  AlignedLines lines(out);
  lines.print("result", word(v.result));
  if (v.error) {
    lines.print("reason", word(v.error->reason));
    lines.print("detail", v.detail());
  }
  if (v.domain) lines.print("domain", v.domain->text() + (v.result == Result::pass ? "" : " (claimed)"));
  if (v.selector) lines.print("selector", v.selector->text());
  if (v.algorithm) lines.print("algorithm", format(*v.algorithm));
  if (v.key_bits != 0) {
    lines.print("key bits", std::to_string(v.key_bits));
    lines.print("dnssec", v.dnssec ? "yes" : "no");
    lines.print("testing", v.testing ? "yes" : "no");
  }
  if (v.epoch_offset) lines.print("epoch offset", std::to_string(v.epoch_offset->count()) + " s");
}

Outcome<Expected<Credential>> read_credential(const OptionValues& values) {
  const auto text = option_text(values, "credential");
  const auto base64 = option_text(values, "base64");
  if (text && base64) return failed(ExitCode::usage, "--credential and --base64 exclude each other");
  if (text) return Credential::parse(*text);
  if (base64) return Credential::parse_base64(*base64);
  return failed(ExitCode::usage, "one of --credential and --base64 is needed");
}

Outcome<ExitCode> verify(const OptionValues& values, const Environment& environment) {
  const auto credential = read_credential(values);
  if (!credential) return tl::unexpected(credential.error());
  const auto tuple = read_tuple(values);
  if (!tuple) return tl::unexpected(tuple.error());
  const auto time = read_time(values, environment.clock);
  if (!time) return tl::unexpected(time.error());
  const auto source = open_txt_source(values, environment);
  if (!source) return tl::unexpected(source.error());

  TxtKeySource keys(**source, KeyLimits{});
  const Verification verification =
      Verifier(VerifierOptions{}).verify(*credential, {&*tuple, 1}, *time, keys);
  if (values["json"].as<bool>()) {
    environment.out << json_of(verification).dump() << '\n';
  } else {
    print_lines(verification, environment.out);
  }
  return code_of(verification.result);
}

}  // namespace

ExitCode run_verify(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_tuple_options(table);
  add_time_option(table);
  auto add = table.add_options();
  add("credential", po::value<std::string>()->value_name("TEXT"), "the credential, as tecs sign prints it");
  add("base64", po::value<std::string>()->value_name("TEXT"),
      "the same in base64, as it follows AUTH TECS-1");
  add_txt_source_options(table);
  add("json", po::bool_switch(), "print one JSON object");
  const ProgramText text{
      .name = "tecs verify",
      .usage =
          "--destination IP:PORT --source IP:PORT [--time UNIX]\n"
          "                   (--credential TEXT | --base64 TEXT) [--zone FILE | --resolver IP:PORT] "
          "[--json]",
      .description =
          "Checks whether a credential signs a connection, as a receiver would that saw it now or at\n"
          "the time given. Ends with 0 for pass, 1 for fail, policy and permerror, 75 for temperror.",
      .examples =
          "tecs verify --destination 192.0.2.25:25 --source 198.51.100.7:40213 \\\n"
          "    --base64 YT1yc2Etc2hhMjU2OyBxPWRuczsgZD1qZ2Mub3JnOyBiPW9VME5u...\n"
          "tecs verify --destination 192.0.2.25:25 --source 198.51.100.7:40213 --time 1170806410 \\\n"
          "    --credential 'd=jgc.org; b=oU0Nn...' --zone jgc.org.zone --json"};
  return run_subcommand({text, table, verify}, arguments, environment);
}

}  // namespace tecs
