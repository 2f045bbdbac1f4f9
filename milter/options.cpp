#include "milter/options.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "program/log.hpp"
#include "program/option_value.hpp"
#include "program/options.hpp"
#include "tecs/verifier.hpp"
#include "verdicts/postgres_uri.hpp"

namespace tecs {
namespace {

namespace po = boost::program_options;

// Beyond that the bound on a whole lookup decides (DnsOptions::lookup_time).
using DnsTimeout = Duration<1, 4>;
// Two names can take 4 seconds each before, and Postfix waits 10 for its answer to AUTH.
using ReputationTimeout = Duration<1, 2>;

struct LogLevel {
  spdlog::level::level_enum value;
  static Expected<LogLevel> parse(std::string_view text) {
    return parse_log_level(text).map([](auto level) { return LogLevel{level}; });
  }
};

// A receiver writes to its own disk first, so that no database that is away delays a mail.
struct LocalStore {
  StoreName value;
  static Expected<LocalStore> parse(std::string_view text) {
    auto name = StoreName::parse(text);
    if (!name || !std::holds_alternative<StoreName::SqliteFile>(name->place()))
      return failure(Reason::bad_option, "must be sqlite: and the path of a file");
    return LocalStore{*std::move(name)};
  }
};

struct RemoteStore {
  StoreName value;
  static Expected<RemoteStore> parse(std::string_view text) {
    auto name = StoreName::parse(text);
    if (!name || !std::holds_alternative<StoreName::PostgresDatabase>(name->place()))
      return failure(Reason::bad_option, "must be postgresql://USER@HOST/DATABASE");
    const auto checked = check_postgres_uri(std::get<StoreName::PostgresDatabase>(name->place()).uri);
    if (!checked) return tl::unexpected(checked.error());
    return RemoteStore{*std::move(name)};
  }
};

std::optional<StoreName> read_forward(const po::variables_map& values) {
  const auto remote = get_optional<RemoteStore>(values, "forward");
  return remote ? std::optional(remote->value) : std::nullopt;
}

using EpochTolerance = Number<0, VerifierOptions::maximum_epoch_tolerance>;
using KeyCacheSize = Number<0, 10'000'000>;
using MinimumKeyBits = Number<1024, 4096>;

po::options_description options_table(const std::string& host_name) {
  po::options_description table("Options", 100);
  auto add = table.add_options();
  add("config", po::value<std::string>()->value_name("FILE"),
      "file with lines 'option = value', '#' begins a comment");
  add("milter-socket", value_of<DoorAddress>("SOCKET", "unix:/run/tecs/milter"),
      "where Postfix's smtpd_milters points");
  add("sasl-socket", value_of<DoorAddress>("SOCKET", "unix:/run/tecs/sasl"),
      "where Postfix's smtpd_sasl_path points");
  add("resolver", value_of<Endpoint>("ADDRESS:PORT"), "DNS resolver; default: those of /etc/resolv.conf");
  add("store", value_of<LocalStore>("sqlite:FILE", "sqlite:/var/lib/tecs/verdicts.db"),
      "where verdicts are kept");
  add("forward", value_of<RemoteStore>("postgresql://..."),
      "database that gets all verdicts too, when it is there to take them");
  // A host name that is no authserv-id is not an error as long as the option is given.
  if (AuthservId::parse(host_name)) {
    add("authserv-id", value_of<AuthservId>("NAME", host_name),
        "name of this receiver in Authentication-Results");
  } else {
    add("authserv-id", value_of<AuthservId>("NAME")->required(),
        "name of this receiver in Authentication-Results");
  }
  add("epoch-tolerance", value_of<EpochTolerance>("STEPS", "1"),
      "clock difference accepted, in steps of 30 seconds");
  add("key-cache-size", value_of<KeyCacheSize>("KEYS", "10000"), "keys kept between connections; 0: none");
  add("dns-timeout", value_of<DnsTimeout>("TIME", "2s"), "for one query to one resolver");
  add("minimum-key-bits", value_of<MinimumKeyBits>("BITS", "1024"), "shorter RSA keys get the result policy");
  add("require-dnssec", value_of<YesOrNo>("yes|no", "no"),
      "keys that DNSSEC does not vouch for get the result policy");
  add("reputation", values_of<ReputationSourceName>("SOURCE"),
      "what knows domains: file:PATH, dns:ZONE or store. Several are asked in this order");
  add("reputation-timeout", value_of<ReputationTimeout>("TIME", "2s"), "for a domain, all sources together");
  add_exchange_options(table);
  add_policy_options(table);
  add("user", value_of<ServiceUser>("USER[:GROUP]"), "whom to become when started as root");
  add("metrics-address", value_of<Endpoint>("ADDRESS:PORT"), "answer there for Prometheus at /metrics");
  add("log-level", value_of<LogLevel>("LEVEL", "info"), "debug, info, warning or error");
  add("check-config", "look at the configuration and all files it names, and end");
  add("help", "print this text");
  add("version", "print the version");
  return table;
}

ProgramText program_text() {
  return ProgramText{
      "tecs-milter", "[--config FILE] [options]",
      "Verifies who answers for an SMTP connection (TECS-1). Runs in the foreground and logs to stderr. "
      "Postfix\n"
      "connects twice: as a milter, and as a SASL client that speaks the Dovecot protocol.\n\n"
      "A SOCKET is written as in Postfix: unix:/path, inet:host:port or inet6:[host]:port. The files of unix "
      "sockets\n"
      "get mode 0660: put them into a directory with group postfix and the set-group-ID bit (chmod 2750). An "
      "smtpd\n"
      "that runs chrooted sees only what is below /var/spool/postfix, and its main.cf names paths from "
      "there.",
      "tecs-milter --config /etc/tecs/milter.conf\n"
      "tecs-milter --milter-socket unix:/var/spool/postfix/tecs/milter \\\n"
      "            --sasl-socket unix:/var/spool/postfix/tecs/sasl --authserv-id mx.example.net\n"
      "tecs-milter --resolver 127.0.0.1:53 --store sqlite:/tmp/verdicts.db --log-level debug"};
}

}  // namespace

std::string option_that_needs_restart(const MilterOptions& running, const MilterOptions& wanted) {
  const auto same_address = [](const DoorAddress& one, const DoorAddress& other) {
    return one.format() == other.format();
  };
  if (!same_address(running.milter_socket, wanted.milter_socket)) return "milter-socket";
  if (!same_address(running.sasl_socket, wanted.sasl_socket)) return "sasl-socket";
  if (running.resolver != wanted.resolver) return "resolver";
  if (running.store != wanted.store) return "store";
  if (running.forward != wanted.forward) return "forward";
  if (running.authserv_id.text() != wanted.authserv_id.text()) return "authserv-id";
  if (running.key_cache_size != wanted.key_cache_size) return "key-cache-size";
  if (running.dns_timeout != wanted.dns_timeout) return "dns-timeout";
  if (running.user != wanted.user) return "user";
  if (running.metrics_address != wanted.metrics_address) return "metrics-address";
  if (running.policy.greylist_file != wanted.policy.greylist_file) return "greylist";
  if (running.exchange.maximum_sasl_connections != wanted.exchange.maximum_sasl_connections) {
    return "maximum-sasl-connections";
  }
  return {};
}

Expected<MilterRequest> read_milter_options(std::span<const char* const> arguments,
                                            const std::string& host_name) {
  const po::options_description table = options_table(host_name);
  const auto values = read_options(arguments, table);
  if (!values) return tl::unexpected(values.error());
  if (values->count("help") != 0) return MilterRequest(help_text(program_text(), table));
  if (values->count("version") != 0) return MilterRequest(version_text("tecs-milter"));
  auto exchange = read_exchange_options(*values);
  if (!exchange) return tl::unexpected(exchange.error());
  auto policy = read_policy_options(*values);
  if (!policy) return tl::unexpected(policy.error());
  return MilterRequest(MilterOptions{
      get<DoorAddress>(*values, "milter-socket"),
      get<DoorAddress>(*values, "sasl-socket"),
      get_optional<Endpoint>(*values, "resolver"),
      get<LocalStore>(*values, "store").value,
      read_forward(*values),
      get<AuthservId>(*values, "authserv-id"),
      static_cast<int>(get<EpochTolerance>(*values, "epoch-tolerance").value),
      get<KeyCacheSize>(*values, "key-cache-size").value,
      get<DnsTimeout>(*values, "dns-timeout").value,
      get<MinimumKeyBits>(*values, "minimum-key-bits").value,
      get<LogLevel>(*values, "log-level").value,
      get_optional<ServiceUser>(*values, "user"),
      get_list<ReputationSourceName>(*values, "reputation"),
      get<ReputationTimeout>(*values, "reputation-timeout").value,
      get<YesOrNo>(*values, "require-dnssec").value,
      std::move(*exchange),
      std::move(*policy),
      values->count("check-config") != 0,
      get_optional<Endpoint>(*values, "metrics-address"),
  });
}

}  // namespace tecs
