// tecs-signer: an SMTP proxy for outbound MTAs that signs their connections.
#include <spdlog/logger.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <thread>

#include "program/exit_code.hpp"
#include "program/log.hpp"
#include "program/options.hpp"
#include "program/service_notification.hpp"
#include "program/stop_signal.hpp"
#include "signer/proxy.hpp"
#include "signer/shared_lookup.hpp"
#include "signer/signer_options.hpp"
#include "tecs/adapters/dns_resolver.hpp"
#include "tecs/adapters/key_file.hpp"
#include "tecs/adapters/system_clock.hpp"

namespace tecs {
namespace {

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

AddressLookup make_lookup(DnsResolver& dns, const Clock& clock) {
  const auto ask = [&dns](const std::string& host) { return dns.addresses(host); };
  return [shared = std::make_shared<SharedLookup>(ask, clock)](const std::string& host) {
    return shared->addresses(host);
  };
}

ExitCode exit_code_of(const Error& error) {
  switch (error.reason) {
    case Reason::bad_option:
      return ExitCode::usage;
    case Reason::bad_key_file:
      return ExitCode::configuration;
    default:
      return ExitCode::unavailable;
  }
}

ExitCode exit_code_of_key(const Error& error) {
  return error.reason == Reason::io_error ? ExitCode::no_input : exit_code_of(error);
}

std::shared_ptr<const SignerRules> make_rules(const SignerOptions& options, SigningKey key) {
  auto signer = std::make_shared<const Signer>(options.domain, options.selector, std::move(key));
  return std::make_shared<const SignerRules>(
      SignerRules{.identities = IdentityTable(std::move(signer)),
                  .destinations = DestinationTable({.tls = options.tls ? TlsLevel::may : TlsLevel::none})});
}

Expected<std::unique_ptr<Proxy>> make_proxy(const SignerOptions& options,
                                            std::shared_ptr<const SignerRules> rules, DnsResolver& dns,
                                            TlsPlanner& planner, const Clock& clock,
                                            const std::shared_ptr<spdlog::logger>& log) {
  auto tls = TlsContext::make({}, clock);
  if (!tls) return tl::unexpected(tls.error());
  const ProxySettings settings{.listen = options.listen,
                               .relay = {.upstream = options.upstream, .dialogue = {.host = host_name()}}};
  return Proxy::make(settings, std::move(rules),
                     {.clock = clock,
                      .lookup = make_lookup(dns, clock),
                      .planner = planner,
                      .tls = std::move(*tls),
                      .log = log});
}

ExitCode serve(const SignerOptions& options) {
  StopSignal signal;
  const auto log = make_log("tecs-signer", options.log_level);
  const SystemClock clock;
  raise_descriptor_limit();
  auto key = read_key_file(options.key_path);
  if (!key) {
    log->error("{}", key.error().sentence);
    return exit_code_of_key(key.error());
  }
  auto dns = DnsResolver::make({.resolver = options.resolver});
  if (!dns) {
    log->error("{}", dns.error().sentence);
    return exit_code_of(dns.error());
  }
  TlsPlanner planner(**dns, clock);
  const auto proxy = make_proxy(options, make_rules(options, std::move(*key)), **dns, planner, clock, log);
  if (!proxy) {
    log->error("{}", proxy.error().sentence);
    return exit_code_of(proxy.error());
  }
  const std::jthread loop([&proxy] { (*proxy)->run(); });
  for (const ListenAddress& address : (*proxy)->addresses()) {
    log->info("listening on {}, signing for {}, upstream {}", address.format(), options.domain.text(),
              format(options.upstream));
  }
  notify_ready();
  while (signal.wait() == StopSignal::Event::reload) {
    log->info("SIGHUP is ignored: the configuration and the key are read at start only");
  }
  notify_stopping();
  (*proxy)->stop();
  return ExitCode::ok;
}

ExitCode run(std::span<const char* const> arguments) {
  const auto table = signer_option_table();
  const auto values = read_options(arguments, table);
  if (values && values->count("help") != 0) {
    std::cout << help_text(signer_text(), table);
    return ExitCode::ok;
  }
  if (values && values->count("version") != 0) {
    std::cout << version_text(signer_text().name);
    return ExitCode::ok;
  }
  const auto options = values.and_then(check_signer_options);
  if (!options) {
    std::cerr << "tecs-signer: " << options.error().sentence << "\nTry: tecs-signer --help\n";
    return ExitCode::usage;
  }
  return serve(*options);
}

}  // namespace
}  // namespace tecs

int main(int count, char** words) {
  try {
    const std::span<const char* const> all(words, static_cast<std::size_t>(count));
    return to_int(tecs::run(all.subspan(all.empty() ? 0 : 1)));
  } catch (const std::exception& error) {
    std::cerr << "tecs-signer: " << error.what() << '\n';
    return to_int(tecs::ExitCode::software);
  }
}
