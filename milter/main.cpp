// tecs-milter: the receiver's daemon. The only file of it that knows the real clock and network.
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <vector>

#include "milter/receiver.hpp"
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
std::optional<StopSignal::Event> wait_and_tell(const Receiver& receiver, StopSignal& stop_signal) {
  constexpr std::chrono::milliseconds usual{10'000};
  const auto watchdog = watchdog_patience();
  const auto patience =
      watchdog ? std::chrono::duration_cast<std::chrono::milliseconds>(*watchdog / 2) : usual;
  const auto event = stop_signal.wait_for(std::min(patience, usual));
  const auto statistics = receiver.statistics();
  notify_status(std::to_string(statistics.sessions) + " sessions, " +
                std::to_string(statistics.writer.queued) + " verdicts to be written");
  notify_alive();
  return event;
}

// There is nothing to read again on SIGHUP, which log rotation sends.
void wait_for_stop(const Receiver& receiver, StopSignal& stop_signal, const Log& log) {
  while (true) {
    const auto event = wait_and_tell(receiver, stop_signal);
    if (event == StopSignal::Event::stop) return;
    if (event == StopSignal::Event::reload) {
      log->info("SIGHUP: nothing to do, the configuration is read at the start only");
    }
  }
}

std::vector<Reading> readings(const Receiver& receiver, const KeyCache& keys) {
  using Kind = Reading::Kind;
  const auto number = [](std::size_t value) { return static_cast<double>(value); };
  const auto writer = [&receiver](auto member) {
    return [&receiver, member] { return static_cast<double>(receiver.statistics().writer.*member); };
  };
  const auto cache = [&keys](auto member) {
    return [&keys, member] { return static_cast<double>(keys.statistics().*member); };
  };
  return {
      {"tecs_sessions", "SMTP connections that are open", Kind::gauge,
       [&receiver, number] { return number(receiver.statistics().sessions); }},
      {"tecs_verdicts_queued", "Verdicts that wait for the store", Kind::gauge,
       writer(&VerdictWriter::Statistics::queued)},
      {"tecs_verdicts_written_total", "Verdicts that the store has", Kind::counter,
       writer(&VerdictWriter::Statistics::written)},
      {"tecs_verdicts_dropped_total", "Verdicts that were given up", Kind::counter,
       writer(&VerdictWriter::Statistics::dropped)},
      {"tecs_key_cache_entries", "Names whose keys are remembered", Kind::gauge,
       cache(&KeyCache::Statistics::entries)},
      {"tecs_key_cache_hits_total", "Keys that were remembered", Kind::counter,
       cache(&KeyCache::Statistics::hits)},
      {"tecs_key_cache_misses_total", "Keys that DNS was asked for", Kind::counter,
       cache(&KeyCache::Statistics::misses)},
      {"tecs_key_cache_shared_total", "Keys that somebody else's question gave", Kind::counter,
       cache(&KeyCache::Statistics::shared)},
  };
}

ExitCode serve(Receiver& receiver, StopSignal& stop_signal, const Log& log) {
  receiver.start();
  log->info("ready");
  notify_ready();
  wait_for_stop(receiver, stop_signal, log);
  log->info("stopping");
  notify_stopping();
  const auto stopped = receiver.stop(std::chrono::seconds(2), std::chrono::seconds(10));
  log->info("stopped");
  const ExitCode code = stopped.verdicts_written ? ExitCode::ok : ExitCode::io_error;
  // Threads that wait for DNS use what would be destroyed on the way out; they have nothing left to lose.
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

ExitCode run(const MilterOptions& options, StopSignal& stop_signal, const Log& log) {
  auto doors = open_doors(options);
  if (!doors) return report(log, doors.error(), ExitCode::unavailable);
  const SystemClock clock;
  const auto resolver =
      DnsResolver::make(DnsOptions{.resolver = options.resolver, .timeout = options.dns_timeout});
  if (!resolver) return report(log, resolver.error(), ExitCode::configuration);
  TxtKeySource dns(**resolver, KeyLimits{});
  KeyCache keys(dns, clock, KeyCacheOptions{.maximum_entries = options.key_cache_size});
  auto store = open_verdict_store(options.store, StoreMode::read_write);
  if (!store) return report(log, store.error(), ExitCode::cannot_create);
  const auto suffixes = PublicSuffixList::load();
  if (!suffixes) return report(log, suffixes.error(), ExitCode::unavailable);

  Metrics metrics;
  std::atomic<bool> failed{false};
  Receiver receiver(options, std::move(*doors),
                    Receiver::Parts{clock, keys, std::move(*store), *suffixes, metrics, log, [&] {
                                      failed = true;
                                      stop_signal.request_stop();
                                    }});
  if (options.metrics_address) {
    const auto listening = metrics.listen(*options.metrics_address, readings(receiver, keys));
    if (!listening) return report(log, listening.error(), ExitCode::unavailable);
  }
  log->info("milter at {}, SASL at {}, store {}, authserv-id {}", options.milter_socket.format(),
            options.sasl_socket.format(), options.store, options.authserv_id.text());
  const ExitCode code = serve(receiver, stop_signal, log);
  metrics.close();
  if (!failed) return code;
  log->error("libmilter ended by itself; it wrote the cause to syslog");
  return ExitCode::unavailable;
}

}  // namespace

int main(int argument_count, char** arguments) {
  try {
    StopSignal stop_signal;
    const std::size_t count = argument_count > 0 ? static_cast<std::size_t>(argument_count) - 1 : 0;
    const auto request = read_milter_options({arguments + 1, count}, host_name());
    if (!request) {
      std::cerr << "tecs-milter: " << request.error().sentence << "\n";
      return to_int(ExitCode::usage);
    }
    if (const auto* const text = std::get_if<std::string>(&*request)) {
      std::cout << *text;
      return to_int(ExitCode::ok);
    }
    const auto& options = std::get<MilterOptions>(*request);
    return to_int(run(options, stop_signal, make_log("tecs-milter", options.log_level)));
  } catch (const std::exception& error) {
    std::cerr << "tecs-milter: " << error.what() << "\n";
    return to_int(ExitCode::software);
  }
}
