// The proxy as a whole: listens, and gives each connection a session.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "signer/listen_address.hpp"
#include "signer/relay.hpp"
#include "tecs/clock.hpp"
#include "tecs/error.hpp"
#include "tecs/signer.hpp"

namespace tecs {

struct ProxySettings {
  std::vector<ListenAddress> listen;
  RelaySettings relay;
  std::chrono::milliseconds tick = std::chrono::seconds{1};  // how precisely time limits are kept
  std::chrono::milliseconds stop_limit =
      std::chrono::seconds{30};  // for what is under way when stop() is called
};

// What a proxy is given of the world. The clock must outlive it.
struct ProxySurroundings {
  const Clock& clock;
  AddressLookup lookup;  // asked when the upstream is a name
  std::shared_ptr<spdlog::logger> log;
};

// SIGPIPE must be ignored. Throws only when memory or the kernel's event descriptors run out at start.
class Proxy {
 public:
  // Listens already: connections made from here on wait for run(). Fails with io_error and a sentence that
  // names the address. An IPv6 address also takes IPv4 clients, unless an IPv4 one has the same port.
  [[nodiscard]] static Expected<std::unique_ptr<Proxy>> make(const ProxySettings& settings, Signer signer,
                                                             ProxySurroundings surroundings);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // Serves until stop() was called and the last session has ended. Once, by one thread, which does all the
  // work but signing and looking up names.
  void run();
  // Listens no more, and gives the sessions their time to end. Any thread.
  void stop();

  // With the ports that the kernel chose, in the order of the settings.
  [[nodiscard]] const std::vector<ListenAddress>& addresses() const noexcept;

 private:
  class Server;
  explicit Proxy(std::unique_ptr<Server> server) noexcept;
  std::unique_ptr<Server> server_;
};

}  // namespace tecs
