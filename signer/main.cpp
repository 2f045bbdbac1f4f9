// tecs-signer: an SMTP proxy for outbound MTAs that signs their connections. The only file of it that knows
// the real clock and network.
#include <spdlog/logger.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include "program/exit_code.hpp"
#include "program/log.hpp"
#include "program/service_notification.hpp"
#include "program/stop_signal.hpp"
#include "signer/load_signer_rules.hpp"
#include "signer/proxy.hpp"
#include "signer/shared_lookup.hpp"
#include "signer/signer_metrics.hpp"
#include "signer/signer_options.hpp"
#include "signer/tls_planner.hpp"
#include "tecs/adapters/dns_resolver.hpp"
#include "tecs/adapters/system_clock.hpp"

namespace tecs {
namespace {

using Log = std::shared_ptr<spdlog::logger>;

// Each session takes two descriptors, and the usual soft limit is 1024. Best effort.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name.front() == '\0') return "localhost";
  return name.data();
}

ExitCode exit_code_of(const Error& error) {
  switch (error.reason) {
    case Reason::bad_option:
    case Reason::bad_key_file:
      return ExitCode::configuration;
    case Reason::io_error:
      return ExitCode::no_input;
    default:
      return ExitCode::temporary;
  }
}

ExitCode report(const Log& log, const Error& error, ExitCode code) {
  log->error("{}", error.sentence);
  return code;
}

// What main() has put together, and reads again on SIGHUP.
struct Configuration {
  std::span<const char* const> arguments;
  SignerOptions running;
  TlsPlanner& planner;
  std::size_t identities = 0;
};

// A resolver that is away for a moment is no reason to hold up all other mail: the planner asks it again.
Expected<std::shared_ptr<const SignerRules>> load_checked(const SignerOptions& options, TlsPlanner& planner,
                                                          const Log& log) {
  auto rules = load_signer_rules(options);
  if (!rules || !(*rules)->destinations.uses(TlsLevel::dane)) return rules;
  const auto validates = planner.check_resolver(options.dnssec_probe);
  if (validates) return rules;
  if (validates.error().reason == Reason::bad_option) return tl::unexpected(validates.error());
  log->warn(
      "the DNS resolver cannot be asked now whether it validates DNSSEC: {}; mail for which tls is dane "
      "waits until it has been seen to",
      validates.error().sentence);
  return rules;
}

Expected<SignerOptions> read_again(const Configuration& configuration) {
  const auto request = read_signer_options(configuration.arguments);
  if (!request) return tl::unexpected(request.error());
  const auto& options = std::get<SignerOptions>(*request);
  const std::string fixed = option_that_needs_restart(configuration.running, options);
  if (fixed.empty()) return options;
  return failure(Reason::bad_option, fixed + " cannot change while tecs-signer runs; restart it");
}

// All or nothing.
void reload(Proxy& proxy, Configuration& configuration, const Log& log) {
  notify_reloading();
  const auto options = read_again(configuration);
  auto rules = options.and_then(
      [&](const SignerOptions& wanted) { return load_checked(wanted, configuration.planner, log); });
  if (rules) {
    log->info("SIGHUP: the configuration was read again, {} identities", (*rules)->identities.size());
    configuration.identities = (*rules)->identities.size();
    proxy.apply(std::move(*rules));
    log->set_level(options->log_level);
    configuration.running = *options;
  } else {
    log->error("SIGHUP: {}; nothing was changed", rules.error().sentence);
  }
  notify_ready();
}

// systemd is to hear twice as often as it wants to, and only as long as the loop turns: if it hung, systemd
// would hear nothing more and start the signer again.
void serve_until_stop(Proxy& proxy, Configuration& configuration, StopSignal& stop_signal, const Log& log) {
  constexpr std::chrono::milliseconds usual{10'000};
  const auto watchdog = watchdog_patience();
  const auto patience =
      watchdog ? std::chrono::duration_cast<std::chrono::milliseconds>(*watchdog / 2) : usual;
  auto turns = proxy.statistics().turns;
  for (;;) {
    const auto event = stop_signal.wait_for(std::min(patience, usual));
    if (event == StopSignal::Event::stop) return;
    if (event == StopSignal::Event::reload) reload(proxy, configuration, log);
    const ProxyStatistics statistics = proxy.statistics();
    notify_status(std::to_string(statistics.sessions) + " connections of MTAs, " +
                  std::to_string(statistics.connections) + " to servers");
    if (std::exchange(turns, statistics.turns) != statistics.turns) notify_alive();
  }
}

std::vector<Reading> readings_of(const Proxy& proxy) {
  using Kind = Reading::Kind;
  return {{"tecs_signer_sessions", "Open connections of MTAs", Kind::gauge,
           [&proxy] { return static_cast<double>(proxy.statistics().sessions); }},
          {"tecs_signer_server_connections", "Open connections to servers", Kind::gauge,
           [&proxy] { return static_cast<double>(proxy.statistics().connections); }}};
}

// Closes the metrics' listener at its end.
class MetricsListener {
 public:
  explicit MetricsListener(SignerMetrics& metrics) noexcept : metrics_(metrics) {}
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;
  ~MetricsListener() { metrics_.close(); }

 private:
  SignerMetrics& metrics_;
};

ExitCode serve(Configuration& configuration, Proxy& proxy, SignerMetrics& metrics, StopSignal& stop_signal,
               const Log& log) {
  const SignerOptions& options = configuration.running;
  // Whoever asks for metrics asks the proxy, which is destroyed later.
  const MetricsListener listener(metrics);
  if (options.metrics_address) {
    const auto listening = metrics.listen(*options.metrics_address, readings_of(proxy));
    if (!listening) return report(log, listening.error(), ExitCode::unavailable);
  }
  std::jthread loop([&proxy] { proxy.run(); });
  for (const ListenAddress& address : proxy.addresses()) {
    log->info("listening on {}, upstream {}", address.format(), format(options.upstream));
  }
  log->info("ready; {} identities", configuration.identities);
  notify_ready();
  serve_until_stop(proxy, configuration, stop_signal, log);
  notify_stopping();
  proxy.stop();
  loop.join();
  log->info("stopped");
  return ExitCode::ok;
}

// A signer that looks up no names is not to fail for want of a resolver. It then has the one that stands for
// none in resolv.conf(5): the one on this host, should a reload bring names.
Expected<std::unique_ptr<DnsResolver>> make_resolver(const SignerOptions& options) {
  auto resolver = DnsResolver::make({.resolver = options.resolver});
  if (resolver || std::holds_alternative<HostAndPort>(options.upstream)) return resolver;
  return DnsResolver::make({.resolver = Endpoint::parse("127.0.0.1:53").value()});
}

AddressLookup make_lookup(DnsResolver& resolver, const Clock& clock) {
  const auto ask = [&resolver](const std::string& host) { return resolver.addresses(host); };
  return [shared = std::make_shared<SharedLookup>(ask, clock)](const std::string& host) {
    return shared->addresses(host);
  };
}

ExitCode sign(Configuration& configuration, DnsResolver& resolver, StopSignal& stop_signal,
              const Clock& clock, const Log& log) {
  const SignerOptions& options = configuration.running;
  // By the user that will read them again.
  auto rules = load_checked(options, configuration.planner, log);
  if (!rules) return report(log, rules.error(), exit_code_of(rules.error()));
  auto tls = TlsContext::make({.authorities_file = options.tls_ca_path}, clock);
  if (!tls) return report(log, tls.error(), exit_code_of(tls.error()));
  configuration.identities = (*rules)->identities.size();
  SignerMetrics metrics;
  const auto proxy = Proxy::make(
      {.listen = options.listen,
       .relay = {.upstream = options.upstream, .dialogue = {.host = host_name()}, .source = options.source},
       .maximum_sessions = options.maximum_sessions,
       .stop_limit = options.drain_time},
      std::move(*rules),
      {.clock = clock,
       .lookup = make_lookup(resolver, clock),
       .planner = configuration.planner,
       .tls = std::move(*tls),
       .report = [&metrics](const SessionReport& report) { metrics.count(report); },
       .log = log});
  if (!proxy) return report(log, proxy.error(), ExitCode::unavailable);
  return serve(configuration, **proxy, metrics, stop_signal, log);
}

// As at the start, but opens nothing and asks nobody.
ExitCode check(const SignerOptions& options) {
  const auto rules = load_signer_rules(options);
  if (rules) {
    std::cout << "tecs-signer: nothing is wrong with the configuration; " << (*rules)->identities.size()
              << " identities\n";
    return ExitCode::ok;
  }
  std::cerr << "tecs-signer: " << rules.error().sentence << "\n";
  return exit_code_of(rules.error());
}

ExitCode run(std::span<const char* const> arguments, const SignerOptions& options, StopSignal& stop_signal) {
  if (options.check_only) return check(options);
  const auto log = make_log("tecs-signer", options.log_level);
  if (options.user) {
    const auto became = options.user->become();
    if (!became) return report(log, became.error(), ExitCode::unavailable);
  }
  raise_descriptor_limit();
  const SystemClock clock;
  const auto resolver = make_resolver(options);
  if (!resolver) return report(log, resolver.error(), ExitCode::configuration);
  TlsPlanner planner(**resolver, clock);
  Configuration configuration{arguments, options, planner};
  return sign(configuration, **resolver, stop_signal, clock, log);
}

// An option that cannot be read is all that is known then.
bool asks_for_check(std::span<const char* const> arguments) {
  return std::ranges::any_of(arguments,
                             [](const char* word) { return std::string_view(word) == "--check-config"; });
}

ExitCode read_and_run(std::span<const char* const> arguments) {
  StopSignal stop_signal;
  const auto request = read_signer_options(arguments);
  if (!request) {
    std::cerr << "tecs-signer: " << request.error().sentence << "\nTry: tecs-signer --help\n";
    return asks_for_check(arguments) ? ExitCode::configuration : ExitCode::usage;
  }
  if (const auto* const text = std::get_if<std::string>(&*request)) {
    std::cout << *text;
    return ExitCode::ok;
  }
  return run(arguments, std::get<SignerOptions>(*request), stop_signal);
}

}  // namespace
}  // namespace tecs

int main(int count, char** words) {
  try {
    const std::span<const char* const> all(words, static_cast<std::size_t>(count));
    return to_int(tecs::read_and_run(all.subspan(all.empty() ? 0 : 1)));
  } catch (const std::exception& error) {
    std::cerr << "tecs-signer: " << error.what() << '\n';
    return to_int(tecs::ExitCode::software);
  }
}
