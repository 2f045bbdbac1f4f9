// tecs-milter: the receiver's daemon. The only file of it that knows the real clock and network.
#include <limits.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "milter/receiver.hpp"
#include "program/exit_code.hpp"
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

// There is nothing to read again on SIGHUP, which log rotation sends.
void wait_for_stop(StopSignal& stop_signal, const Log& log) {
  while (stop_signal.wait() == StopSignal::Event::reload) {
    log->info("SIGHUP: nothing to do, the configuration is read at the start only");
  }
}

ExitCode serve(Receiver& receiver, StopSignal& stop_signal, const Log& log) {
  receiver.start();
  log->info("ready");
  notify_ready();
  wait_for_stop(stop_signal, log);
  log->info("stopping");
  notify_stopping();
  const auto stopped = receiver.stop(std::chrono::seconds(2), std::chrono::seconds(10));
  log->info("stopped");
  const ExitCode code = stopped.verdicts_written ? ExitCode::ok : ExitCode::io_error;
  // Threads that wait for DNS use what would be destroyed on the way out; they have nothing left to lose.
  if (stopped.threads_left) std::_Exit(to_int(code));
  return code;
}

ExitCode run(const MilterOptions& options, StopSignal& stop_signal, const Log& log) {
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

  std::atomic<bool> failed{false};
  auto receiver =
      Receiver::open(options, Receiver::Parts{clock, keys, std::move(*store), *suffixes, log, [&] {
                                                failed = true;
                                                stop_signal.request_stop();
                                              }});
  if (!receiver) return report(log, receiver.error(), ExitCode::unavailable);
  log->info("milter at {}, SASL at {}, store {}, authserv-id {}", options.milter_socket.format(),
            options.sasl_socket.format(), options.store, options.authserv_id.text());
  const ExitCode code = serve(**receiver, stop_signal, log);
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
