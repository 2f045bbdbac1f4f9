#include "signer/proxy.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <asio/basic_socket_acceptor.hpp>
#include <asio/basic_waitable_timer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <atomic>
#include <cerrno>
#include <exception>
#include <list>
#include <new>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

#include "program/current.hpp"
#include "signer/relay_session.hpp"
#include "signer/signer_reply.hpp"
#include "tecs/adapters/repeat_limit.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

using Executor = Connection::Executor;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
constexpr asio::use_awaitable_t<Executor> awaited;

constexpr std::size_t scratch_size = 131'072;
constexpr std::size_t lookup_threads = 16;  // a name server that says nothing holds one for seconds
constexpr std::chrono::minutes between_complaints{1};
constexpr std::chrono::milliseconds pause{200};  // before the next accept() after one that failed

// A signature takes a core for as long as it takes: more threads would only take turns.
std::size_t signature_threads() {
  return std::max(1U, std::thread::hardware_concurrency());
}

// Opened, bound and listening; the first step that fails says why.
Expected<void> listen_on(Acceptor& acceptor, const ListenAddress& where, bool only_ipv6) {
  const bool ipv4 = where.address.family() == AddressFamily::ipv4;
  const SocketAddress address = SocketAddress::of(where.address, where.port);
  asio::error_code error;
  acceptor.open(ipv4 ? asio::ip::tcp::v4() : asio::ip::tcp::v6(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error && !ipv4) acceptor.set_option(asio::ip::v6_only(only_ipv6), error);
  if (!error && ::bind(acceptor.native_handle(), address.pointer(), address.length) != 0) {
    error.assign(errno, asio::error::get_system_category());
  }
  if (!error) acceptor.listen(Acceptor::max_listen_connections, error);
  if (!error) return {};
  return failure(Reason::io_error,
                 "cannot listen on " + where.format() + ": " + system_sentence(error.value()));
}

// A signer whose loop has ended looks alive and serves nobody: better that it ends, and is started again.
void end_with(const std::exception_ptr& exception) {
  if (exception) std::rethrow_exception(exception);
}

bool shares_port_with_ipv4(const ListenAddress& address, const std::vector<ListenAddress>& all) {
  return std::ranges::any_of(all, [&address](const ListenAddress& other) {
    return other.address.family() == AddressFamily::ipv4 && other.port == address.port && other.port != 0;
  });
}

}  // namespace

class Proxy::Server {
 public:
  Server(const ProxySettings& settings, std::shared_ptr<const SignerRules> rules,
         ProxySurroundings surroundings)
      : settings_(settings),
        log_(surroundings.log),
        rules_(std::move(rules)),
        relay_{.settings = settings.relay,
               .lookup = std::move(surroundings.lookup),
               .planner = surroundings.planner,
               .tls = std::move(surroundings.tls),
               .report = std::move(surroundings.report),
               .clock = surroundings.clock,
               .log = surroundings.log,
               .loop = loop_,
               .pool = pool_,
               .lookup_pool = lookup_pool_,
               .scratch = std::vector<char>(scratch_size)} {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // The pools' threads post to the loop and read the relay: they end first.
  ~Server() {
    pool_.stop();
    lookup_pool_.stop();
    pool_.join();
    lookup_pool_.join();
  }

  [[nodiscard]] Expected<void> listen();
  void run();
  void stop();
  void apply(std::shared_ptr<const SignerRules> rules) { rules_.set(std::move(rules)); }
  [[nodiscard]] ProxyStatistics statistics() const noexcept;
  [[nodiscard]] const std::vector<ListenAddress>& addresses() const noexcept { return addresses_; }

 private:
  [[nodiscard]] asio::awaitable<void, Executor> accept(Acceptor& acceptor, ListenAddress listener);
  void begin_session(Connection::Socket socket, const ListenAddress& listener);
  void turn_away(Connection::Socket socket);
  [[nodiscard]] asio::awaitable<void, Executor> tick();
  void begin_stopping();
  void finish_if_done();

  ProxySettings settings_;
  std::shared_ptr<spdlog::logger> log_;
  Current<SignerRules> rules_;
  Relay relay_;               // outlives the loop: what is queued there holds sessions, after an exception
  asio::io_context loop_{1};  // outlives the pools: what is queued there holds timers of the loop
  asio::thread_pool pool_{signature_threads()};
  asio::thread_pool lookup_pool_{lookup_threads};
  std::list<Acceptor> acceptors_;
  std::vector<ListenAddress> addresses_;
  std::unordered_set<std::shared_ptr<RelaySession>> sessions_;
  std::atomic<std::size_t> turns_{0};
  RepeatLimit complaints_{relay_.clock, between_complaints};  // about accept()
  RepeatLimit full_{relay_.clock, between_complaints};
  Timer timer_{loop_.get_executor()};
  asio::executor_work_guard<Executor> work_{loop_.get_executor()};
  std::optional<std::chrono::steady_clock::time_point> stop_deadline_;
};

Expected<void> Proxy::Server::listen() {
  for (const ListenAddress& where : settings_.listen) {
    Acceptor& acceptor = acceptors_.emplace_back(loop_.get_executor());
    auto listening = listen_on(acceptor, where, shares_port_with_ipv4(where, settings_.listen));
    if (!listening) return listening;
    addresses_.push_back({where.address, acceptor.local_endpoint().port()});
  }
  return {};
}

void Proxy::Server::run() {
  auto listener = addresses_.begin();
  for (Acceptor& acceptor : acceptors_) {
    asio::co_spawn(loop_.get_executor(), accept(acceptor, *listener++), end_with);
  }
  asio::co_spawn(loop_.get_executor(), tick(), end_with);
  loop_.run();
}

void Proxy::Server::stop() {
  asio::post(loop_, [this] { begin_stopping(); });
}

asio::awaitable<void, Executor> Proxy::Server::accept(Acceptor& acceptor, ListenAddress listener) {
  Timer timer(loop_.get_executor());
  while (!stop_deadline_) {
    asio::error_code error;
    try {
      Connection::Socket socket = co_await acceptor.async_accept(asio::redirect_error(awaited, error));
      if (stop_deadline_) co_return;
      if (!error) {
        begin_session(std::move(socket), listener);
        continue;
      }
    } catch (const std::bad_alloc&) {
      // That MTA's connection is closed; it comes again, or tries the next MX.
      error = asio::error::no_memory;
    }
    if (error == asio::error::connection_aborted) continue;
    // Out of descriptors or memory: the connection stays in the kernel's queue, and asking again at once
    // would only keep the sessions from ending that could help.
    if (complaints_.due()) {
      log_->error("cannot accept connections, will go on trying: {}", system_sentence(error.value()));
    }
    timer.expires_after(pause);
    co_await timer.async_wait(asio::redirect_error(awaited, error));
  }
}

void Proxy::Server::begin_session(Connection::Socket socket, const ListenAddress& listener) {
  if (settings_.maximum_sessions != 0 && sessions_.size() >= settings_.maximum_sessions) {
    turn_away(std::move(socket));
    return;
  }
  const auto session = std::make_shared<RelaySession>(std::move(socket), listener, rules_.get(), relay_);
  sessions_.insert(session);
  try {
    session->start([this](const std::shared_ptr<RelaySession>& ended) {
      sessions_.erase(ended);
      finish_if_done();
    });
  } catch (const std::bad_alloc&) {
    sessions_.erase(session);
    throw;
  }
}

// A fresh connection has room for one line, so this waits for nothing.
void Proxy::Server::turn_away(Connection::Socket socket) {
  if (full_.due()) log_->warn("turning MTAs away: there are {} sessions already", sessions_.size());
  Connection mta(std::move(socket));
  mta.prepare();
  (void)mta.write_some(signer_reply("421 4.3.2", settings_.relay.dialogue.host, "too many sessions"));
  mta.finish_sending();
}

asio::awaitable<void, Executor> Proxy::Server::tick() {
  while (work_.owns_work()) {
    asio::error_code cancelled;
    timer_.expires_after(settings_.tick);
    co_await timer_.async_wait(asio::redirect_error(awaited, cancelled));
    ++turns_;
    const auto now = relay_.clock.steady();
    const bool late = stop_deadline_ && now >= *stop_deadline_;
    // A session that ends at once leaves the set.
    const std::vector<std::shared_ptr<RelaySession>> sessions(sessions_.begin(), sessions_.end());
    for (const auto& session : sessions) {
      session->check_time(now);
      if (stop_deadline_) session->leave();
      if (late) session->stop();
    }
  }
}

void Proxy::Server::begin_stopping() {
  if (stop_deadline_) return;
  stop_deadline_ = relay_.clock.steady() + settings_.stop_limit;
  for (Acceptor& acceptor : acceptors_) {
    asio::error_code ignored;
    acceptor.close(ignored);
  }
  if (!sessions_.empty()) log_->info("stopping; {} sessions are under way", sessions_.size());
  finish_if_done();
}

ProxyStatistics Proxy::Server::statistics() const noexcept {
  const RelayCounters& counters = relay_.counters;
  return {.sessions = counters.sessions,
          .connections = counters.connections,
          .in_set_up = counters.in_set_up,
          .pumping = counters.pumping,
          .turns = turns_};
}

void Proxy::Server::finish_if_done() {
  if (!stop_deadline_ || !sessions_.empty()) return;
  work_.reset();
  timer_.cancel();
}

Expected<std::unique_ptr<Proxy>> Proxy::make(const ProxySettings& settings,
                                             std::shared_ptr<const SignerRules> rules,
                                             ProxySurroundings surroundings) {
  auto server = std::make_unique<Server>(settings, std::move(rules), std::move(surroundings));
  const auto listening = server->listen();
  if (!listening) return tl::unexpected(listening.error());
  return std::unique_ptr<Proxy>(new Proxy(std::move(server)));
}

Proxy::Proxy(std::unique_ptr<Server> server) noexcept : server_(std::move(server)) {}
Proxy::~Proxy() = default;

void Proxy::run() {
  server_->run();
}

void Proxy::stop() {
  server_->stop();
}

void Proxy::apply(std::shared_ptr<const SignerRules> rules) {
  server_->apply(std::move(rules));
}

ProxyStatistics Proxy::statistics() const noexcept {
  return server_->statistics();
}

const std::vector<ListenAddress>& Proxy::addresses() const noexcept {
  return server_->addresses();
}

}  // namespace tecs
