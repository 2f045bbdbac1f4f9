// What a subcommand gets of the world. main() makes it of the real one, tests of whatever they like.
#pragma once

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
  std::function<Expected<std::unique_ptr<TxtSource>>(const DnsOptions&)> open_dns;
  Machine machine = {};
  ServerNetwork network = {};
};

}  // namespace tecs
