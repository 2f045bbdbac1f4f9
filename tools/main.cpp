// tecs: the command for people. The only file of it that knows the real clock, network, machine and streams.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>

#include "program/stop_signal.hpp"
#include "tecs/adapters/dns_resolver.hpp"
#include "tecs/adapters/key_file.hpp"
#include "tecs/adapters/system_clock.hpp"
#include "tools/command.hpp"
#include "tools/found_files.hpp"
#include "tools/text_file.hpp"

namespace {

tecs::Expected<std::unique_ptr<tecs::TxtSource>> open_dns(const tecs::DnsOptions& options) {
  return tecs::DnsResolver::make(options).map(
      [](auto resolver) -> std::unique_ptr<tecs::TxtSource> { return resolver; });
}

tecs::Machine this_machine() {
  return {.run_program = [](const std::vector<std::string>& command) { return tecs::run_program(command); },
          .read_file = tecs::read_text_file,
          .find_files = tecs::find_files,
          .socket_standing = tecs::socket_standing,
          .find_account = tecs::find_account,
          .can_read = tecs::can_read,
          .read_key = tecs::read_key_file,
          .programs_with_socket = tecs::programs_with_socket};
}

// A stop is caught from the first pause on; what never pauses ends by the signal itself.
bool pause_for(std::chrono::milliseconds time) {
  static tecs::StopSignal stop_signal;
  // Who reads the output may leave at any time, and what is written then ends the program, as without a
  // pause.
  std::signal(SIGPIPE, SIG_DFL);
  const auto end = std::chrono::steady_clock::now() + time;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const auto event = stop_signal.wait_for(std::max(left, std::chrono::milliseconds(0)));
    if (event == tecs::StopSignal::Event::stop) return false;
    if (!event) return true;
  }
}

}  // namespace

int main(int argument_count, char** arguments) {
  try {
    const tecs::SystemClock clock;
    const tecs::Environment environment{.clock = clock,
                                        .out = std::cout,
                                        .err = std::cerr,
                                        .in = std::cin,
                                        .open_dns = open_dns,
                                        .pause = pause_for,
                                        .machine = this_machine(),
                                        .network = tecs::real_server_network(clock),
                                        .err_is_terminal = isatty(STDERR_FILENO) == 1};
    const std::size_t count = argument_count > 0 ? static_cast<std::size_t>(argument_count) - 1 : 0;
    return tecs::to_int(tecs::run_command({arguments + 1, count}, environment));
  } catch (const std::exception& exception) {
    std::cerr << "tecs: " << exception.what() << '\n';
    return tecs::to_int(tecs::ExitCode::software);
  }
}
