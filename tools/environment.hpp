// What a subcommand gets of the world. main() makes it of the real one, tests of whatever they like.
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>

#include "tecs/adapters/dns_resolver.hpp"
#include "tecs/clock.hpp"
#include "tecs/key_source.hpp"
#include "tools/machine.hpp"
#include "tools/server_connection.hpp"

namespace tecs {

// All that is referred to must outlive the subcommand. One thread.
struct Environment {
  const Clock& clock;
  std::ostream& out;  // what was asked for, fit for another program
  std::ostream& err;  // what a person should know besides
  std::istream& in;   // what is handed over, such as a mail
  std::function<Expected<std::unique_ptr<TxtSource>>(const DnsOptions&)> open_dns;
  // Waits. False: somebody wants the program to end (SIGINT, SIGTERM), now or while it waited; from the first
  // call on, these signals do nothing else.
  std::function<bool(std::chrono::milliseconds)> pause = {};
  Machine machine = {};
  ServerNetwork network = {};
  bool err_is_terminal = false;  // how far long work is may be shown there
};

}  // namespace tecs
