// tecs-milter: the receiver's daemon. The only file of it that knows the real clock and network.
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "milter/receiver.hpp"
#include "milter/receiver_readings.hpp"
#include "milter/receiver_rules.hpp"
#include "program/exit_code.hpp"
#include "program/inherited_socket.hpp"
#include "program/log.hpp"
#include "program/service_notification.hpp"
#include "program/stop_signal.hpp"
#include "tecs/adapters/dns_resolver.hpp"
#include "tecs/adapters/key_cache.hpp"
#include "tecs/adapters/system_clock.hpp"

namespace {

using namespace tecs;
using Log = std::shared_ptr<spdlog::logger>;

std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

ExitCode report(const Log& log, const Error& error, ExitCode code) {
  log->error("{}", error.sentence);
  return code;
}

// systemd is to hear twice as often as it wants to. What stands in the status line is asked of the parts that
// all sessions use: if one of them hung, systemd would hear nothing more and start the daemon again.
std::optional<StopSignal::Event> wait_and_tell(Receiver& receiver, StopSignal& stop_signal) {
  constexpr std::chrono::milliseconds usual{10'000};
  const auto watchdog = watchdog_patience();
  const auto patience =
      watchdog ? std::chrono::duration_cast<std::chrono::milliseconds>(*watchdog / 2) : usual;
  const auto event = stop_signal.wait_for(std::min(patience, usual));
  receiver.tick();
  const auto statistics = receiver.statistics();
  notify_status(std::to_string(statistics.sessions) + " sessions, " +
                std::to_string(statistics.writer.queued) + " verdicts to be written");
  notify_alive();
  return event;
}

// What main() has put together for a receiver, and reads again on SIGHUP.
struct Configuration {
  std::span<const char* const> arguments;
  MilterOptions running;
  ReputationLookup::Parts reputation;
  DnsResolver& reputation_dns;
};

Expected<MilterOptions> read_again(const Configuration& configuration) {
  const auto request = read_milter_options(configuration.arguments, host_name());
  if (!request) return tl::unexpected(request.error());
  const auto& options = std::get<MilterOptions>(*request);
  const std::string fixed = option_that_needs_restart(configuration.running, options);
  if (fixed.empty()) return options;
  return failure(Reason::bad_option, fixed + " cannot change while tecs-milter runs; restart it");
}

// All or nothing.
void reload(Receiver& receiver, Configuration& configuration, const Log& log) {
  notify_reloading();
  const auto options = read_again(configuration);
  auto rules = options.and_then([&](const MilterOptions& wanted) {
    return ReceiverRules::load(wanted, configuration.reputation, configuration.reputation_dns);
  });
  if (rules) {
    receiver.apply(std::move(*rules));
    log->set_level(options->log_level);
    configuration.running = *options;
    log->info("SIGHUP: the configuration was read again");
  } else {
    log->error("SIGHUP: {}; nothing was changed", rules.error().sentence);
  }
  notify_ready();
}

void serve_until_stop(Receiver& receiver, Configuration& configuration, StopSignal& stop_signal,
                      const Log& log) {
  while (true) {
    const auto event = wait_and_tell(receiver, stop_signal);
    if (event == StopSignal::Event::stop) return;
    if (event == StopSignal::Event::reload) reload(receiver, configuration, log);
  }
}

// failed: the milter door has ended after an error.
ExitCode serve(Receiver& receiver, Configuration& configuration, StopSignal& stop_signal,
               const std::atomic<bool>& failed, const Log& log) {
  receiver.start();
  log->info("ready");
  notify_ready();
  serve_until_stop(receiver, configuration, stop_signal, log);
  log->info("stopping");
  notify_stopping();
  const auto stopped = receiver.stop({.milter = std::chrono::seconds(3),
                                      .dns = std::chrono::seconds(2),
                                      .store = std::chrono::seconds(10),
                                      .forwarding = std::chrono::seconds(3)});
  log->info("stopped");
  ExitCode code = stopped.verdicts_written ? ExitCode::ok : ExitCode::io_error;
  if (failed) {
    log->error("libmilter ended by itself; it wrote the cause to syslog");
    code = ExitCode::unavailable;
  }
  // Threads that wait for DNS or a database use what would be destroyed on the way out; they have nothing
  // left to lose.
  if (stopped.threads_left) std::_Exit(to_int(code));
  return code;
}

// Where a socket that somebody may have to be root to make is made, and where root ends.
Expected<Doors> open_doors(const MilterOptions& options) {
  auto inherited = inherited_socket("sasl");
  if (!inherited) return tl::unexpected(inherited.error());
  const bool own_sasl_socket = !*inherited;
  auto doors = Doors::open(options, std::move(*inherited));
  if (!doors || !options.user || getuid() != 0) return doors;
  std::vector<const DoorAddress*> made{&options.milter_socket};
  if (own_sasl_socket) made.push_back(&options.sasl_socket);
  for (const DoorAddress* const address : made) {
    const auto* const local = address->unix_socket();
    if (local == nullptr) continue;
    if (const auto owned = options.user->own(local->path); !owned) return tl::unexpected(owned.error());
  }
  if (const auto became = options.user->become(); !became) return tl::unexpected(became.error());
  return doors;
}

// A database is made when it is not there, its folder is not.
Expected<void> check_folder_of(const char* option, std::string_view database) {
  constexpr std::string_view sqlite = "sqlite:";
  const std::filesystem::path file(database.starts_with(sqlite) ? database.substr(sqlite.size()) : database);
  std::error_code error;
  if (!file.has_parent_path() || std::filesystem::is_directory(file.parent_path(), error)) return {};
  return failure(Reason::bad_option,
                 std::string(option) + ": there is no folder " + file.parent_path().string());
}

// As at the start, but opens nothing and asks nobody.
Expected<void> check_all(const Configuration& configuration) {
  const MilterOptions& options = configuration.running;
  const auto rules = ReceiverRules::load(options, configuration.reputation, configuration.reputation_dns);
  if (!rules) return tl::unexpected(rules.error());
  auto store = check_folder_of("store", options.store.text());
  if (!store || options.policy.mode == PolicyMode::monitor) return store;
  return check_folder_of("greylist", options.policy.greylist_file);
}

ExitCode check(const Configuration& configuration) {
  const auto checked = check_all(configuration);
  if (checked) {
    std::cout << "tecs-milter: nothing is wrong with the configuration\n";
    return ExitCode::ok;
  }
  std::cerr << "tecs-milter: " << checked.error().sentence << "\n";
  return ExitCode::configuration;
}

// Closes the metrics' listener at its end.
class MetricsListener {
 public:
  explicit MetricsListener(Metrics& metrics) noexcept : metrics_(metrics) {}
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;
  ~MetricsListener() { metrics_.close(); }

 private:
  Metrics& metrics_;
};

ExitCode receive(Configuration& configuration, KeyCache& keys, ReceiverRules rules, Doors doors,
                 StopSignal& stop_signal, const Clock& clock, const Log& log) {
  const MilterOptions& options = configuration.running;
  auto stores = ReceiverStores::open(options, clock, log);
  if (!stores) return report(log, stores.error(), ExitCode::cannot_create);
  Metrics metrics;
  std::atomic<bool> failed{false};
  Receiver receiver(options, std::move(rules), std::move(doors),
                    Receiver::Parts{clock, keys, std::move(*stores), configuration.reputation.suffixes,
                                    metrics, log, [&](bool by_error) {
                                      if (by_error) failed = true;
                                      stop_signal.request_stop();
                                    }});
  // Whoever asks for metrics asks the receiver, which is destroyed first.
  const MetricsListener listener(metrics);
  if (options.metrics_address) {
    const auto listening = metrics.listen(*options.metrics_address, receiver_readings(receiver));
    if (!listening) return report(log, listening.error(), ExitCode::unavailable);
  }
  log->info("milter at {}, SASL at {}, store {}, authserv-id {}", options.milter_socket.format(),
            options.sasl_socket.format(), options.store.text(), options.authserv_id.text());
  if (options.forward) log->info("verdicts are forwarded to {}", options.forward->text());
  return serve(receiver, configuration, stop_signal, failed, log);
}

ExitCode run(std::span<const char* const> arguments, const MilterOptions& options, StopSignal& stop_signal,
             const Log& log) {
  const SystemClock clock;
  const auto resolver =
      DnsResolver::make(DnsOptions{.resolver = options.resolver, .timeout = options.dns_timeout});
  if (!resolver) return report(log, resolver.error(), ExitCode::configuration);
  const auto suffixes = PublicSuffixList::load();
  if (!suffixes) return report(log, suffixes.error(), ExitCode::unavailable);
  // A lost packet is to cost part of the little time that there is, and not all of it.
  const auto reputation_resolver =
      DnsResolver::make(DnsOptions{.resolver = options.resolver,
                                   .timeout = std::min(options.dns_timeout, std::chrono::milliseconds(500))});
  if (!reputation_resolver) return report(log, reputation_resolver.error(), ExitCode::configuration);
  Configuration configuration{arguments, options, {clock, *suffixes, log}, **reputation_resolver};
  if (options.check_only) return check(configuration);

  auto doors = open_doors(options);
  if (!doors) return report(log, doors.error(), ExitCode::unavailable);
  // By the user that will read them again.
  auto rules = ReceiverRules::load(options, configuration.reputation, configuration.reputation_dns);
  if (!rules) return report(log, rules.error(), ExitCode::configuration);
  TxtKeySource dns(**resolver, KeyLimits{});
  KeyCache keys(dns, clock, KeyCacheOptions{.maximum_entries = options.key_cache_size});
  return receive(configuration, keys, std::move(*rules), std::move(*doors), stop_signal, clock, log);
}

// An option that cannot be read is all that is known then.
bool asks_for_check(std::span<const char* const> arguments) {
  return std::ranges::any_of(arguments,
                             [](const char* word) { return std::string_view(word) == "--check-config"; });
}

}  // namespace

int main(int argument_count, char** argument_list) {
  try {
    StopSignal stop_signal;
    const std::size_t count = argument_count > 0 ? static_cast<std::size_t>(argument_count) - 1 : 0;
    const std::span<const char* const> arguments(argument_list + 1, count);
    const auto request = read_milter_options(arguments, host_name());
    if (!request) {
      std::cerr << "tecs-milter: " << request.error().sentence << "\n";
      return to_int(asks_for_check(arguments) ? ExitCode::configuration : ExitCode::usage);
    }
    if (const auto* const text = std::get_if<std::string>(&*request)) {
      std::cout << *text;
      return to_int(ExitCode::ok);
    }
    const auto& options = std::get<MilterOptions>(*request);
    return to_int(run(arguments, options, stop_signal, make_log("tecs-milter", options.log_level)));
  } catch (const std::exception& error) {
    std::cerr << "tecs-milter: " << error.what() << "\n";
    return to_int(ExitCode::software);
  }
}
