#include "tools/probe.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <ostream>
#include <utility>
#include <vector>

#include "tools/plain_text.hpp"
#include "tools/probe_options.hpp"
#include "tools/probe_report.hpp"
#include "tools/txt_source_options.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;
using Aim = ProbeSettings::Aim;

// One run of the command. out is where what happens is told at once; null when only the end is.
class Probe {
 public:
  Probe(const ProbeOptions& options, const Environment& environment, std::ostream* out)
      : options_(options), environment_(environment), out_(out) {}

  Outcome<ProbeExamination> run() {
    auto connection = connect_to_any();
    if (!connection) return tl::unexpected(connection.error());
    const Aim aim = !options_.signer ? Aim::look : options_.challenge ? Aim::challenge : Aim::sign;
    ProbeRecord record = talk(**connection, aim, options_.tls);
    const Endpoint server = (*connection)->tuple().destination();
    connection->reset();
    if (record.outcome == ProbeOutcome::tls_failed && options_.tls.demand == TlsDemand::opportunistic) {
      auto clear = again(server, aim, "With --tls may the same is tried in the clear, as tecs-signer does:");
      if (clear) record = *std::move(clear);
    }
    std::optional<ProbeRecord> second;
    if (record.outcome == ProbeOutcome::refused && !record.challenge) {
      second = again(server, Aim::ask, "How does the server see this host? A second connection asks:");
    }
    return ProbeExamination{options_.target.host, options_.target.port, std::move(record), std::move(second),
                            std::nullopt};
  }

 private:
  template <typename... Texts>
  void tell(const Texts&... texts) const {
    if (out_ != nullptr) (*out_ << ... << texts) << std::flush;
  }

  [[nodiscard]] Outcome<std::vector<IpAddress>> addresses() const {
    if (options_.target.address) return std::vector{*options_.target.address};
    auto found = environment_.network.addresses(options_.target.host);
    if (found) return *std::move(found);
    return failed(found.error().reason == Reason::dns_error ? ExitCode::temporary : ExitCode::unavailable,
                  found.error().sentence);
  }

  [[nodiscard]] Outcome<std::unique_ptr<ServerConnection>> connect_to_any() const {
    const auto all = addresses();
    if (!all) return tl::unexpected(all.error());
    std::string failures;
    for (const IpAddress& address : *all) {
      if (options_.source && options_.source->family() != address.family()) continue;
      const auto server = Endpoint::make(address, options_.target.port);
      if (!server) continue;
      auto connection = connect(*server);
      if (connection) return *std::move(connection);
      failures += (failures.empty() ? "" : "; ") + server->format() + ": " + connection.error().sentence;
    }
    if (failures.empty()) failures = "the server has no address of the family of --source";
    return failed(ExitCode::unavailable, "cannot connect: " + failures);
  }

  [[nodiscard]] Expected<std::unique_ptr<ServerConnection>> connect(const Endpoint& server) const {
    auto connection = environment_.network.connect({server, options_.source, options_.timeout});
    if (connection) {
      tell("\nConnected to ", server.format(), " from ", (*connection)->tuple().source().format(),
           ": a signature covers these two.\n");
    }
    return connection;
  }

  ProbeRecord talk(ServerConnection& connection, Aim aim, const TlsPlan& plan) const {
    const ProbeTerms terms{{options_.helo, plan.demand, aim}, plan, options_.signer, options_.timeout};
    return run_probe(connection, terms, environment_.clock, [this](const ProbeStep& step) {
      if (out_ == nullptr) return;
      print_probe_step(step, *out_);
      out_->flush();
    });
  }

  // A further connection; after a handshake that failed, in the clear. Empty when there is none.
  [[nodiscard]] std::optional<ProbeRecord> again(const Endpoint& server, Aim aim, const char* why) const {
    tell('\n', why, '\n');
    const auto connection = connect(server);
    if (!connection) {
      tell("cannot connect: ", connection.error().sentence, '\n');
      return std::nullopt;
    }
    TlsPlan plan = options_.tls;
    if (aim != Aim::ask) plan.demand = TlsDemand::never;
    return talk(**connection, aim, plan);
  }

  const ProbeOptions& options_;
  const Environment& environment_;
  std::ostream* out_;
};

Outcome<ExitCode> probe(const OptionValues& values, const Environment& environment) {
  const auto options = read_probe_options(values, environment);
  if (!options) return tl::unexpected(options.error());
  const auto source = open_txt_source(values, environment);
  if (!source && options->signer) return tl::unexpected(source.error());
  const bool json = values["json"].as<bool>();
  if (!json) {
    environment.out << "Probing " << plain_text(options->target.host) << ", port " << options->target.port
                    << ", as " << options->helo << ". No mail is sent.\n";
  }
  auto examination = Probe(*options, environment, json ? nullptr : &environment.out).run();
  if (!examination) return tl::unexpected(examination.error());
  if (const auto& signature = examination->record.signature) {
    examination->key =
        examine_published_key(signature->credential, signature->tuple, signature->epoch.time(), **source);
  }
  if (json) {
    environment.out << probe_json(*examination) << '\n';
  } else {
    print_probe_result(*examination, environment.out);
  }
  return exit_code_of(examination->record.outcome);
}

}  // namespace

ExitCode run_probe_command(Arguments arguments, const Environment& environment) {
  OptionTable table;
  add_probe_options(table);
  add_txt_source_options(table);
  table.add_options()("json", po::bool_switch(), "print one JSON object, at the end");
  const ProgramText text{
      .name = "tecs probe",
      .usage =
          "HOST[:PORT] [--domain DOMAIN [--selector SELECTOR] --key FILE [--challenge]]\n"
          "                  [--tls none|may|encrypt|verify] [--helo NAME] [--source ADDRESS]\n"
          "                  [--timeout TIME] [--zone FILE | --resolver IP:PORT] [--json]",
      .description =
          "Talks to a receiving server as tecs-signer would, and says what each answer means: greeting,\n"
          "EHLO, STARTTLS, AUTH TECS-1. Sends no mail. When the signature is refused it looks for the\n"
          "cause: key, address translation, clock. Ends with 0 when the server takes the signature, or\n"
          "without --key offers to, 1 when it does not, 75 when it may later, 69 when there is no\n"
          "connection.",
      .examples =
          "tecs probe mx.example.net\n"
          "tecs probe mx.example.net --domain example.org --selector s1 --key s1.pem\n"
          "tecs probe [2001:db8::25]:25 --domain example.org --key example.org.pem --challenge"};
  // No subcommand but explain has another word without a name.
  std::vector<const char*> named(arguments.begin(), arguments.end());
  if (!named.empty() && named.front()[0] != '-') named.insert(named.begin(), "--server");
  return run_subcommand({text, table, probe}, named, environment);
}

}  // namespace tecs
