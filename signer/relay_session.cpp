#include "signer/relay_session.hpp"

#include <spdlog/logger.h>

#include <asio/co_spawn.hpp>
#include <utility>

#include "signer/signer_reply.hpp"
#include "tecs/adapters/socket_address.hpp"

namespace tecs {
namespace {

std::string_view word(DialogueOutcome::Ending ending) noexcept {
  switch (ending) {
    case DialogueOutcome::Ending::is_signed:
      return "signed";
    case DialogueOutcome::Ending::not_signed:
      return "unsigned";
    default:
      return "failed";
  }
}

std::string text_of(const std::optional<Endpoint>& end) {
  return end ? end->format() : "unknown";
}

std::string tls_words(const Connection& upstream, const SessionReport& report, const std::string& failure) {
  std::string words = "tls=" + upstream.tls_version();
  words.append(" tls-level=").append(word(report.tls_level));
  words.append(" tls-result=").append(word(report.tls_result));
  if (!failure.empty()) words.append(" tls-failure=\"").append(failure).append("\"");
  return words;
}

IdentityChoice choice_of(const SignerRules& rules, const ListenAddress& listener,
                         const std::optional<Endpoint>& client) {
  return {rules.identities, listener, client ? client->address() : IpAddress::from_ipv4({})};
}

std::optional<Endpoint> client_of(Connection& mta) {
  const auto client = peer_endpoint(mta.descriptor());
  return client ? std::optional(*client) : std::nullopt;
}

}  // namespace

RelaySession::RelaySession(Connection::Socket mta, const ListenAddress& listener,
                           std::shared_ptr<const SignerRules> rules, Relay& relay)
    : relay_(relay),
      rules_(std::move(rules)),
      mta_(std::move(mta)),
      upstream_(Connection::Socket(relay.loop.get_executor())),
      client_(client_of(mta_)),
      choice_(choice_of(*rules_, listener, client_)) {}

void RelaySession::start(Finished finished) {
  finished_ = std::move(finished);
  mta_.prepare();
  driver_ = std::make_unique<DialogueDriver>(relay_, *rules_, choice_, mta_, upstream_);
  run_dialogue();
}

void RelaySession::check_time(TimePoint now) {
  if (driver_) {
    driver_->check_time(now);
    return;
  }
  const TransferTimeLimits& limits = relay_.settings.transfer;
  if (pump_ && pump_->moved()) {
    moved_at_ = now;
    deadline_ = now + (pump_->half_closed() ? limits.half_closed : limits.idle);
  }
  if (pump_ && now - moved_at_ >= limits.held_end) pump_->pass_on_end();
  if (now < deadline_) return;
  deadline_ = TimePoint::max();
  stop();
}

void RelaySession::leave() {
  if (driver_) driver_->leave();
  if (pump_) pump_->leave();
}

void RelaySession::stop() {
  if (driver_) driver_->stop();
  if (pump_) pump_->stop();
  if (farewell_) farewell_->stop();
}

void RelaySession::run_dialogue() {
  leg_ = Leg{.began = relay_.clock.steady()};
  asio::co_spawn(relay_.loop.get_executor(), driver_->run(),
                 [self = shared_from_this()](const std::exception_ptr& exception, NextAction action) {
                   self->after_dialogue(exception, std::move(action));
                 });
}

void RelaySession::after_dialogue(const std::exception_ptr& exception, NextAction action) {
  const SessionReport report = driver_->report();
  leg_.server = driver_->server();
  leg_.outcome = driver_->outcome();
  leg_.tls = tls_words(upstream_, report, leg_.outcome.tls_failure);
  place_ = driver_->take_place();
  driver_.reset();
  if (relay_.report) relay_.report(report);
  if (!exception && action.kind == NextAction::Kind::pump) {
    begin_pump(std::move(action));
    return;
  }
  write_log();
  say_farewell(std::move(action.to_mta));
}

void RelaySession::begin_pump(NextAction action) {
  pump_ = std::make_unique<Pump>(mta_, upstream_, relay_.scratch);
  pumping_.emplace(relay_.counters.pumping);
  const DialogueOutcome& outcome = leg_.outcome;
  if (outcome.watch) {
    const bool is_signed = outcome.ending == DialogueOutcome::Ending::is_signed;
    pump_->watch(TransactionWatch(choice_, *outcome.watch, is_signed));
  }
  deadline_ = relay_.clock.steady() + relay_.settings.transfer.idle;
  pump_->start(std::move(action.to_mta), std::move(action.to_upstream), weak_from_this(),
               [this] { after_pump(); });
}

void RelaySession::after_pump() {
  pumping_.reset();
  write_log();
  const std::string& host = relay_.settings.dialogue.host;
  switch (pump_->ending()) {
    case Pump::Ending::hand_over:
      continue_afresh();
      return;
    case Pump::Ending::refused: {
      const TransactionWatch::Failure failure = pump_->watch()->failure();
      say_farewell(signer_reply(failure.status, host, failure.reason));
      return;
    }
    case Pump::Ending::abandoned:
      say_farewell({});
      return;
    case Pump::Ending::left:
      say_farewell(signer_reply("421 4.3.2", host, "the service is stopping"));
      return;
    default:
      finish();
  }
}

// DESIGN section 4: a signature never serves two identities.
void RelaySession::continue_afresh() {
  Continuation before = pump_->watch()->connection();
  const std::string held = pump_->take_held();
  const Endpoint server = *leg_.server;
  // All that was said to it is answered: what it makes of this does not matter any more.
  (void)upstream_.write_some("QUIT\r\n");
  upstream_.finish_sending();
  upstream_.close();
  place_.reset();
  pump_.reset();
  driver_ = std::make_unique<DialogueDriver>(relay_, *rules_, choice_, mta_, upstream_, std::move(before),
                                             held, server);
  run_dialogue();
}

void RelaySession::say_farewell(std::string reply) {
  upstream_.close();
  place_.reset();
  pump_.reset();
  deadline_ = relay_.clock.steady() + relay_.settings.transfer.half_closed;
  farewell_ = std::make_unique<Farewell>(mta_, relay_.scratch);
  farewell_->start(std::move(reply), weak_from_this(), [this] { finish(); });
}

void RelaySession::finish() {
  place_.reset();
  std::exchange(finished_, nullptr)(shared_from_this());
}

void RelaySession::write_log() const {
  if (!relay_.log->should_log(spdlog::level::info)) return;
  const std::chrono::duration<double> duration = relay_.clock.steady() - leg_.began;
  const DialogueOutcome& outcome = leg_.outcome;
  std::string result(word(outcome.ending));
  if (!outcome.reason.empty()) result += " reason=\"" + outcome.reason + "\"";
  relay_.log->info(
      "client={} upstream={} {} identity={} result={} octets-out={} octets-in={} duration={:.3f}s",
      text_of(client_), text_of(leg_.server), leg_.tls,
      outcome.identity ? outcome.identity->domain().text() : "none", result,
      pump_ ? pump_->octets_to_upstream() : 0, pump_ ? pump_->octets_to_mta() : 0, duration.count());
}

}  // namespace tecs
