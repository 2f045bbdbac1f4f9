// tecs: the command for people. The only file of it that knows the real clock, network, machine and streams.
#include <exception>
#include <iostream>

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

}  // namespace

int main(int argument_count, char** arguments) {
  try {
    const tecs::SystemClock clock;
    const tecs::Environment environment{.clock = clock,
                                        .out = std::cout,
                                        .err = std::cerr,
                                        .open_dns = open_dns,
                                        .machine = this_machine(),
                                        .network = tecs::real_server_network(clock)};
    const std::size_t count = argument_count > 0 ? static_cast<std::size_t>(argument_count) - 1 : 0;
    return tecs::to_int(tecs::run_command({arguments + 1, count}, environment));
  } catch (const std::exception& exception) {
    std::cerr << "tecs: " << exception.what() << '\n';
    return tecs::to_int(tecs::ExitCode::software);
  }
}
