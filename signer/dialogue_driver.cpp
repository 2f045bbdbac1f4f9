#include "signer/dialogue_driver.hpp"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

#include "signer/original_destination.hpp"
#include "signer/upstream.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

using State = Transfer::State;

constexpr std::size_t maximum_servers = 5;  // addresses of one host that are tried

bool reads(NextAction::Kind kind) noexcept {
  return kind == NextAction::Kind::read_mta || kind == NextAction::Kind::read_upstream;
}

bool wanting(State state) noexcept {
  return state == State::want_read || state == State::want_write;
}

}  // namespace

DialogueDriver::Awaitable<NextAction> DialogueDriver::run() {
  NextAction action = dialogue_.start();
  auto before = NextAction::Kind::close;
  while (!stopped_ && action.kind != NextAction::Kind::pump && action.kind != NextAction::Kind::close) {
    // A read that follows a read waits for the same line or reply, whose time is not prolonged by each octet.
    const bool goes_on = action.kind == before && reads(action.kind);
    if (!goes_on) limit_time(action.time_limit);
    before = action.kind;
    action = co_await carry_out(std::move(action));
  }
  if (stopped_) co_return NextAction{.kind = NextAction::Kind::close};
  if (action.kind == NextAction::Kind::close && !action.to_mta.empty()) {
    limit_time(action.time_limit);
    (void)co_await write(mta_, action.to_mta);
  }
  co_return action;
}

void DialogueDriver::check_time(TimePoint now) {
  if (now < deadline_) return;
  deadline_ = TimePoint::max();
  timed_out_ = true;
  asio::error_code ignored;
  mta_.socket().cancel(ignored);
  upstream_.socket().cancel(ignored);
}

void DialogueDriver::stop() {
  stopped_ = true;
  check_time(deadline_);
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::carry_out(NextAction action) {
  switch (action.kind) {
    case NextAction::Kind::connect:
      return connect(action.time_limit);
    case NextAction::Kind::read_mta:
      return read_mta();
    case NextAction::Kind::read_upstream:
      return read_upstream();
    case NextAction::Kind::write_mta:
      return write_mta(std::move(action.to_mta));
    case NextAction::Kind::write_upstream:
      return write_upstream(std::move(action.to_upstream));
    case NextAction::Kind::start_tls:
      return start_tls();
    default:
      return sign(std::move(action.identity));
  }
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::connect(std::chrono::milliseconds limit) {
  disconnect();
  limit_time(std::chrono::milliseconds::zero());
  const auto servers = co_await find_servers();
  if (!servers) co_return dialogue_.connect_failed(servers.error().sentence);
  std::string reason;
  for (const Endpoint& server : *servers) {
    server_ = server;
    const auto connected = co_await try_server(limit);
    if (connected) {
      NextAction next = dialogue_.connected(terms());
      if (const Identity identity = dialogue_.identity_to_sign()) begin_signature(identity);
      co_return next;
    }
    reason = "cannot connect to " + server.format() + ": " + connected.error().sentence;
    disconnect();
  }
  co_return dialogue_.connect_failed(reason);
}

DialogueDriver::Awaitable<Expected<std::vector<Endpoint>>> DialogueDriver::find_servers() {
  const UpstreamAddress& upstream = relay_.settings.upstream;
  if (greeted_) co_return std::vector<Endpoint>{*server_};
  const auto destination = original_destination(mta_.descriptor());
  const auto checked = check_for_loop(destination);
  if (!checked) co_return tl::unexpected(checked.error());
  if (const auto* const fixed = std::get_if<Endpoint>(&upstream)) co_return std::vector<Endpoint>{*fixed};
  if (const auto* const name = std::get_if<HostAndPort>(&upstream)) {
    const Lookup addresses = co_await look_up(name->host);
    if (!addresses) co_return tl::unexpected(addresses.error());
    std::vector<Endpoint> servers;
    for (const IpAddress& address : *addresses) {
      const auto server = Endpoint::make(address, name->port);
      if (server && servers.size() < maximum_servers) servers.push_back(*server);
    }
    if (servers.empty())
      co_return failure(Reason::dns_error, name->host + " has no address that can be used");
    co_return servers;
  }
  if (!destination) co_return tl::unexpected(destination.error());
  co_return std::vector<Endpoint>{*destination};
}

// A firewall rule that does not spare the signer's own user sends our connections back to us, round and
// round. Both ends must be those of ours: the MTA, on the same address, may well have the same port, towards
// somebody else.
Expected<void> DialogueDriver::check_for_loop(const Expected<Endpoint>& destination) const {
  const auto client = peer_endpoint(mta_.descriptor());
  if (!client) return tl::unexpected(client.error());
  for (const auto& goal : {destination, local_endpoint(mta_.descriptor())}) {
    const auto tuple =
        goal.and_then([&client](const Endpoint& end) { return ConnectionTuple::make(end, *client); });
    if (tuple && relay_.own_connections.contains(*tuple)) {
      return failure(
          Reason::io_error,
          "the signer's own connection came back to it: the firewall rule must spare the signer's user, "
          "and upstream must not be the signer");
    }
  }
  return {};
}

DialogueDriver::Awaitable<DialogueDriver::Lookup> DialogueDriver::look_up(std::string host) {
  const auto lookup = Background<Lookup>::begin(relay_.loop.get_executor(), relay_.lookup_pool,
                                                [&ask = relay_.lookup, host] { return ask(host); });
  Lookup addresses = co_await lookup->result();
  if (!addresses) co_return failure(addresses.error().reason, host + ": " + addresses.error().sentence);
  co_return addresses;
}

// A redirected connection goes on from the address that the MTA chose; to a fixed server the kernel chooses.
Expected<std::optional<IpAddress>> DialogueDriver::source_address() const {
  if (!std::holds_alternative<OriginalDestination>(relay_.settings.upstream)) return std::nullopt;
  return peer_endpoint(mta_.descriptor()).map([](const Endpoint& client) {
    return std::optional<IpAddress>(client.address());
  });
}

DialogueDriver::Awaitable<Expected<void>> DialogueDriver::try_server(std::chrono::milliseconds limit) {
  const auto source = source_address();
  if (!source) co_return tl::unexpected(source.error());
  auto step =
      begin_connecting(upstream_, *server_, *source).and_then([this] { return register_connection(); });
  if (!step) co_return step;
  limit_time(limit);
  const bool in_time = co_await wait(upstream_, Connection::Socket::wait_write);
  if (!in_time) co_return failure(Reason::io_error, "no answer in time");
  step = finish_connecting(upstream_);
  co_return step;
}

// Before the connection is there: it may arrive at our own door in the same turn of the loop.
Expected<void> DialogueDriver::register_connection() {
  auto tuple = local_endpoint(upstream_.descriptor()).and_then([this](const Endpoint& end) {
    return ConnectionTuple::make(*server_, end);
  });
  if (!tuple) return tl::unexpected(tuple.error());
  tuple_ = *tuple;
  relay_.own_connections.insert(*tuple_);
  return {};
}

void DialogueDriver::forget_connection() noexcept {
  if (tuple_) relay_.own_connections.erase(*tuple_);
  tuple_.reset();
}

void DialogueDriver::disconnect() noexcept {
  upstream_.close();
  signature_.reset();
  forget_connection();
}

IdentityChoice DialogueDriver::identity_choice() const {
  const auto listener = local_endpoint(mta_.descriptor());
  const auto client = peer_endpoint(mta_.descriptor());
  const IpAddress unknown = IpAddress::from_ipv4({});
  return {relay_.identities,
          listener ? ListenAddress{listener->address(), listener->port()} : ListenAddress{unknown},
          client ? client->address() : unknown};
}

ConnectionTerms DialogueDriver::terms() const noexcept {
  return {.tls = relay_.settings.dialogue.tls ? TlsDemand::opportunistic : TlsDemand::never};
}

// As soon as the tuple is known, so that it is ready when the server has said that it wants it.
void DialogueDriver::begin_signature(const Identity& identity) {
  const Epoch epoch = Epoch::nearest(std::chrono::floor<std::chrono::seconds>(relay_.clock.now()));
  auto credential = Background<Expected<Credential>>::begin(
      relay_.loop.get_executor(), relay_.pool,
      [identity, tuple = *tuple_, epoch] { return identity->sign(tuple, epoch); });
  signature_ = Signature{identity, epoch, std::move(credential)};
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::read_mta() {
  const Outcome outcome = co_await read(mta_);
  if (!outcome) co_return dialogue_.timed_out();
  if (outcome->state != State::done) co_return dialogue_.mta_closed();
  co_return dialogue_.mta_sent({relay_.scratch.data(), outcome->octets});
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::read_upstream() {
  const Outcome outcome = co_await read(upstream_);
  if (!outcome) co_return dialogue_.timed_out();
  if (outcome->state != State::done) co_return upstream_lost(*outcome);
  greeted_ = true;
  co_return dialogue_.upstream_sent({relay_.scratch.data(), outcome->octets});
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::write_mta(std::string octets) {
  const Outcome outcome = co_await write(mta_, octets);
  if (!outcome || outcome->state != State::done) co_return dialogue_.mta_closed();
  co_return dialogue_.written();
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::write_upstream(std::string octets) {
  const Outcome outcome = co_await write(upstream_, octets);
  if (!outcome) co_return dialogue_.timed_out();
  if (outcome->state != State::done) co_return upstream_lost(*outcome);
  co_return dialogue_.written();
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::start_tls() {
  const auto* const name = std::get_if<HostAndPort>(&relay_.settings.upstream);
  const TlsPlan plan{.server_name = name == nullptr ? std::string() : name->host};
  upstream_.start_tls(relay_.tls, plan, *server_);
  for (;;) {
    const Transfer transfer = upstream_.handshake();
    if (transfer.state == State::done) co_return dialogue_.tls_established();
    if (!wanting(transfer.state)) co_return dialogue_.tls_failed(upstream_.failure_sentence());
    const bool in_time = co_await wait(upstream_, wait_for(transfer.state));
    if (!in_time) co_return dialogue_.timed_out();
  }
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::sign(Identity identity) {
  // The server may have taken its time, and the verifier looks at the clock.
  const Epoch now = Epoch::nearest(std::chrono::floor<std::chrono::seconds>(relay_.clock.now()));
  if (!signature_ || signature_->identity != identity || signature_->epoch != now) begin_signature(identity);
  const auto pending = signature_->credential;
  const Expected<Credential> credential = co_await pending->result();
  if (!credential) co_return dialogue_.sign_failed(credential.error().sentence);
  co_return dialogue_.signed_with(*credential);
}

// False: the time limit has passed.
DialogueDriver::Awaitable<bool> DialogueDriver::wait(Connection& connection, Connection::Wait what) {
  asio::error_code ignored;  // of the socket: it shows when it is tried
  co_await connection.socket().async_wait(
      what, asio::redirect_error(asio::use_awaitable_t<Connection::Executor>(), ignored));
  co_return !std::exchange(timed_out_, false);
}

DialogueDriver::Awaitable<DialogueDriver::Outcome> DialogueDriver::read(Connection& connection) {
  Transfer transfer{State::want_read};
  if (connection.holds_octets()) transfer = connection.read_some(relay_.scratch);
  while (wanting(transfer.state)) {
    const bool in_time = co_await wait(connection, wait_for(transfer.state));
    if (!in_time) co_return std::nullopt;
    transfer = connection.read_some(relay_.scratch);
  }
  co_return transfer;
}

DialogueDriver::Awaitable<DialogueDriver::Outcome> DialogueDriver::write(Connection& connection,
                                                                         std::string_view octets) {
  while (!octets.empty()) {
    const Transfer transfer = connection.write_some(octets);
    if (wanting(transfer.state)) {
      const bool in_time = co_await wait(connection, wait_for(transfer.state));
      if (!in_time) co_return std::nullopt;
    } else if (transfer.state != State::done) {
      co_return transfer;
    } else {
      octets.remove_prefix(transfer.octets);
    }
  }
  co_return Transfer{State::done};
}

NextAction DialogueDriver::upstream_lost(const Transfer& transfer) {
  if (transfer.state == State::closed) return dialogue_.upstream_closed("the server closed the connection");
  return dialogue_.upstream_closed("the connection to the server broke: " + upstream_.failure_sentence());
}

void DialogueDriver::limit_time(std::chrono::milliseconds limit) {
  deadline_ = limit == std::chrono::milliseconds::zero() ? TimePoint::max() : relay_.clock.steady() + limit;
}

}  // namespace tecs
