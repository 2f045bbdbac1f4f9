#include "signer/dialogue_driver.hpp"

#include <asio/use_awaitable.hpp>
#include <utility>

#include "signer/background.hpp"
#include "signer/server_search.hpp"
#include "signer/upstream.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

using State = Transfer::State;

bool reads(NextAction::Kind kind) noexcept {
  return kind == NextAction::Kind::read_mta || kind == NextAction::Kind::read_upstream;
}

SessionReport::Ending ending_of(DialogueOutcome::Ending ending) noexcept {
  switch (ending) {
    case DialogueOutcome::Ending::is_signed:
      return SessionReport::Ending::is_signed;
    case DialogueOutcome::Ending::not_signed:
      return SessionReport::Ending::not_signed;
    default:
      return SessionReport::Ending::failed;
  }
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
    measure();
  }
  if (stopped_) co_return NextAction{.kind = NextAction::Kind::close};
  co_return action;
}

void DialogueDriver::leave() {
  if (!reads_mta_) return;
  leaving_ = true;
  transfer_.expire();
}

void DialogueDriver::stop() {
  stopped_ = true;
  transfer_.stop();
}

SessionReport DialogueDriver::report() const {
  const DialogueOutcome& outcome = dialogue_.outcome();
  const TlsResult tls = upstream_.tls_result();
  return {.ending = ending_of(outcome.ending),
          .refused = outcome.refused,
          .tls_level = plan_.level,
          .tls_result = tls == TlsResult::clear && !outcome.tls_failure.empty() ? TlsResult::failed : tls,
          .added_time = added_time_};
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
      return sign(std::move(action));
  }
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::connect(std::chrono::milliseconds limit) {
  disconnect();
  limit_time(std::chrono::milliseconds::zero());
  std::vector<Endpoint> servers;
  if (bound_to_server_) {
    servers.push_back(*server_);
  } else {
    auto found = co_await find_servers(relay_, mta_);
    if (!found) co_return dialogue_.connect_failed(found.error().sentence);
    servers = std::move(*found);
  }
  Obstacle last{};
  for (const Endpoint& server : servers) {
    server_ = server;
    auto obstacle = co_await try_server(limit);
    if (!obstacle) {
      NextAction next = dialogue_.connected(terms());
      begin_signature();
      co_return next;
    }
    last = std::move(*obstacle);
    disconnect();
  }
  co_return dialogue_.connect_failed(last.reason, last.status);
}

DialogueDriver::Awaitable<std::optional<DialogueDriver::Obstacle>> DialogueDriver::try_server(
    std::chrono::milliseconds limit) {
  const DestinationPolicy& policy = this->policy();
  auto place = relay_.servers.take(server_->address(), policy.maximum_connections);
  if (!place) {
    co_return Obstacle{"there are " + std::to_string(policy.maximum_connections) + " connections to " +
                           server_->address().format() + " already",
                       "4.4.5"};
  }
  place_.emplace(ServerPlace{std::move(*place), Presence(relay_.counters.connections)});
  limit_time(std::chrono::milliseconds::zero());  // DNS has its own
  auto plan = co_await make_plan(policy);
  // RFC 7672 section 2.1: no mail to a server of which it is not known how to recognize it.
  if (!plan)
    co_return Obstacle{"no connection to " + server_->format() + ": " + plan.error().sentence, "4.7.5"};
  plan_ = std::move(*plan);
  const auto opened = co_await open(limit);
  if (opened) co_return std::nullopt;
  co_return Obstacle{"cannot connect to " + server_->format() + ": " + opened.error().sentence, "4.4.1"};
}

DialogueDriver::Awaitable<Expected<TlsPlan>> DialogueDriver::make_plan(const DestinationPolicy& policy) {
  std::string host = host_of(relay_.settings.upstream);
  // What is known waits for nobody whose name server is slow.
  if (auto known = relay_.planner.known_plan(policy, *server_, host)) co_return *std::move(known);
  const auto plan = Background<Expected<TlsPlan>>::begin(
      relay_.loop.get_executor(), relay_.lookup_pool,
      [&planner = relay_.planner, policy, server = *server_, host = std::move(host)] {
        return planner.plan(policy, server, host);
      });
  co_return co_await plan->result();
}

DialogueDriver::Awaitable<Expected<void>> DialogueDriver::open(std::chrono::milliseconds limit) {
  const auto source = source_address(relay_.settings, mta_);
  if (!source) co_return tl::unexpected(source.error());
  const auto begun = begin_connecting(upstream_, *server_, *source);
  if (!begun) co_return begun;
  register_connection(*source);
  limit_time(limit);
  const bool in_time = co_await transfer_.wait(upstream_, Connection::Socket::wait_write);
  if (!in_time) co_return failure(Reason::io_error, "no answer in time");
  co_return finish_connecting(upstream_);
}

// Before the connection is there: it may arrive at our own door in the same turn of the loop.
void DialogueDriver::register_connection(const std::optional<SourceAddress>& source) {
  const auto tuple_from = [this](const Endpoint& end) { return ConnectionTuple::make(*server_, end); };
  tuple_ = local_endpoint(upstream_.descriptor()).and_then(tuple_from);
  if (!tuple_) return;  // it cannot be signed, see sign()
  // Only a connection that has begun has a port, unless we take one that then serves for no other server. So
  // the one that nobody could sign is given up: few are, and of most of them the server's program never
  // hears.
  if (may_have_signed(*tuple_)) {
    const SourceAddress address{tuple_->source().address(), source && source->transparent};
    const auto end = change_port(upstream_, *server_, address, [&](const Endpoint& candidate) {
      const auto tuple = tuple_from(candidate);
      return tuple && !may_have_signed(*tuple);
    });
    if (end) tuple_ = tuple_from(*end);
  }
  relay_.own_connections.insert(*tuple_);
}

// For an epoch that this connection may yet be signed for, or a later one. PROTOCOL section 6: with a
// challenge it is that of the server's time.
bool DialogueDriver::may_have_signed(const ConnectionTuple& tuple) const {
  const auto latest = relay_.signed_tuples.latest_epoch(tuple);
  if (!latest) return false;
  auto earliest = std::chrono::floor<std::chrono::seconds>(relay_.clock.now());
  if (rules_.nat.asks_for_challenge(tuple.source().address())) earliest -= rules_.challenge_skew;
  return *latest >= Epoch::nearest(earliest);
}

const DestinationPolicy& DialogueDriver::policy() const {
  return rules_.destinations.find(*server_, host_of(relay_.settings.upstream));
}

ConnectionTerms DialogueDriver::terms() const {
  return {.tls = plan_.demand,
          .ask_for_challenge = tuple_ && rules_.nat.asks_for_challenge(tuple_->source().address()),
          .signature = policy().signature};
}

Expected<ConnectionTuple> DialogueDriver::no_connection() {
  return failure(Reason::io_error, "there is no connection");
}

void DialogueDriver::forget_connection() {
  if (tuple_) relay_.own_connections.erase(*tuple_);
  tuple_ = no_connection();
}

void DialogueDriver::disconnect() {
  upstream_.close();
  signature_.forget();
  forget_connection();
  place_.reset();
}

void DialogueDriver::begin_signature() {
  const Identity identity = dialogue_.identity_to_sign();
  if (identity && tuple_) signature_.begin(identity, *tuple_);
}

// From the server's reply to EHLO to that to AUTH.
void DialogueDriver::measure() {
  const TimePoint now = relay_.clock.steady();
  if (dialogue_.authenticating()) {
    if (!authenticating_since_) authenticating_since_ = now;
  } else if (authenticating_since_) {
    added_time_ = std::chrono::duration_cast<std::chrono::microseconds>(now - *authenticating_since_);
    authenticating_since_.reset();
  }
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::read_mta() {
  reads_mta_ = true;
  const auto outcome = co_await transfer_.read(mta_, relay_.scratch);
  reads_mta_ = false;
  if (!outcome) co_return leaving_ ? dialogue_.leave() : dialogue_.timed_out();
  if (outcome->state != State::done) co_return dialogue_.mta_closed();
  NextAction next = dialogue_.mta_sent({relay_.scratch.data(), outcome->octets});
  begin_signature();  // perhaps this has told whose
  co_return next;
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::read_upstream() {
  const auto outcome = co_await transfer_.read(upstream_, relay_.scratch);
  if (!outcome) co_return dialogue_.timed_out();
  if (outcome->state != State::done) co_return upstream_lost(*outcome);
  bound_to_server_ = true;
  co_return dialogue_.upstream_sent({relay_.scratch.data(), outcome->octets});
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::write_mta(std::string octets) {
  const auto outcome = co_await transfer_.write(mta_, octets);
  if (!outcome || outcome->state != State::done) co_return dialogue_.mta_closed();
  co_return dialogue_.written();
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::write_upstream(std::string octets) {
  const auto outcome = co_await transfer_.write(upstream_, octets);
  if (!outcome) co_return dialogue_.timed_out();
  if (outcome->state != State::done) co_return upstream_lost(*outcome);
  co_return dialogue_.written();
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::start_tls() {
  upstream_.start_tls(relay_.tls, plan_, *server_);
  for (;;) {
    const Transfer transfer = upstream_.handshake();
    if (transfer.state == State::done) co_return dialogue_.tls_established();
    if (!wanting(transfer.state)) co_return dialogue_.tls_failed(upstream_.failure_sentence());
    const bool in_time = co_await transfer_.wait(upstream_, wait_for(transfer.state));
    if (!in_time) co_return dialogue_.timed_out();
  }
}

DialogueDriver::Awaitable<NextAction> DialogueDriver::sign(NextAction action) {
  if (!tuple_) {
    co_return dialogue_.sign_failed("this connection cannot be signed: " + tuple_.error().sentence);
  }
  const Expected<Credential> credential =
      co_await signature_.result(action.identity, *tuple_, action.challenge, rules_.challenge_skew);
  if (!credential) co_return dialogue_.sign_failed(credential.error().sentence);
  co_return dialogue_.signed_with(*credential);
}

NextAction DialogueDriver::upstream_lost(const Transfer& transfer) {
  if (transfer.state == State::closed) return dialogue_.upstream_closed("the server closed the connection");
  return dialogue_.upstream_closed("the connection to the server broke: " + upstream_.failure_sentence());
}

}  // namespace tecs
