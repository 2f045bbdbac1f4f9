// The proxy as a whole: listens, and gives each connection a session.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "signer/listen_address.hpp"
#include "signer/relay.hpp"
#include "signer/session_report.hpp"
#include "signer/signer_rules.hpp"
#include "signer/tls_planner.hpp"
#include "smtp/tls_context.hpp"
#include "tecs/clock.hpp"
#include "tecs/error.hpp"

namespace tecs {

struct ProxySettings {
  std::vector<ListenAddress> listen;
  RelaySettings relay;
  std::size_t maximum_sessions = 0;                          // at the same time; 0: any number
  std::chrono::milliseconds tick = std::chrono::seconds{1};  // how precisely time limits are kept
  std::chrono::milliseconds stop_limit =
      std::chrono::seconds{30};  // for what is under way when stop() is called
};

// What a proxy is given of the world. The clock and the planner must outlive it.
struct ProxySurroundings {
  const Clock& clock;
  AddressLookup lookup;  // asked when the upstream is a name
  TlsPlanner& planner;
  TlsContext tls;
  // Called for each connection to a server when its dialogue is over, by the thread of run(); must not wait.
  // Perhaps none.
  std::function<void(const SessionReport&)> report{};
  std::shared_ptr<spdlog::logger> log;
};

// How many there are now.
struct ProxyStatistics {
  std::size_t sessions;     // connections of MTAs
  std::size_t connections;  // to servers
  std::size_t in_set_up;    // sessions that talk with a server about TLS and signature
  std::size_t pumping;      // sessions that only move octets
  std::size_t turns;        // so many times has run() looked at the clock: as long as this grows it is alive
};

// SIGPIPE must be ignored. Throws only when memory or the kernel's event descriptors run out at start.
class Proxy {
 public:
  // Listens already: connections made from here on wait for run(). Fails with io_error and a sentence that
  // names the address. An IPv6 address also takes IPv4 clients, unless an IPv4 one has the same port.
  [[nodiscard]] static Expected<std::unique_ptr<Proxy>> make(const ProxySettings& settings,
                                                             std::shared_ptr<const SignerRules> rules,
                                                             ProxySurroundings surroundings);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // Serves until stop() was called and the last session has ended. Once, by one thread, which does all the
  // work but signing and looking up names.
  void run();
  // Listens no more, and gives the sessions their time to end; where it is known that no mail is under way,
  // the MTA is told at once. Any thread.
  void stop();

  // For sessions that begin from here on; those under way keep theirs. Any thread.
  void apply(std::shared_ptr<const SignerRules> rules);
  // Any thread.
  [[nodiscard]] ProxyStatistics statistics() const noexcept;

  // With the ports that the kernel chose, in the order of the settings.
  [[nodiscard]] const std::vector<ListenAddress>& addresses() const noexcept;

 private:
  class Server;
  explicit Proxy(std::unique_ptr<Server> server) noexcept;
  std::unique_ptr<Server> server_;
};

}  // namespace tecs
