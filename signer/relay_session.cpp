#include "signer/relay_session.hpp"

#include <spdlog/logger.h>

#include <asio/co_spawn.hpp>
#include <utility>

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

}  // namespace

RelaySession::RelaySession(Connection::Socket mta, Relay& relay)
    : relay_(relay),
      mta_(std::move(mta)),
      upstream_(Connection::Socket(relay.loop.get_executor())),
      driver_(std::make_unique<DialogueDriver>(relay, mta_, upstream_)),
      pump_(mta_, upstream_, relay.scratch),
      began_(relay.clock.steady()) {}

void RelaySession::start(Finished finished) {
  finished_ = std::move(finished);
  mta_.prepare();
  if (const auto client = peer_endpoint(mta_.descriptor())) client_ = *client;
  asio::co_spawn(relay_.loop.get_executor(), driver_->run(),
                 [self = shared_from_this()](const std::exception_ptr& exception, NextAction action) {
                   self->after_dialogue(exception, std::move(action));
                 });
}

void RelaySession::check_time(TimePoint now) {
  if (driver_) {
    driver_->check_time(now);
    return;
  }
  const TransferTimeLimits& limits = relay_.settings.transfer;
  if (pump_.moved()) deadline_ = now + (pump_.half_closed() ? limits.half_closed : limits.idle);
  if (now < deadline_) return;
  deadline_ = TimePoint::max();
  pump_.stop();
}

void RelaySession::stop() {
  if (driver_) {
    driver_->stop();
  } else {
    pump_.stop();
  }
}

void RelaySession::after_dialogue(const std::exception_ptr& exception, NextAction action) {
  outcome_ = driver_->outcome();
  server_ = driver_->server();
  tls_version_ = upstream_.tls_version();
  driver_.reset();
  if (exception || action.kind != NextAction::Kind::pump) {
    mta_.finish_sending();
    mta_.close();
    upstream_.close();
    finish();
    return;
  }
  deadline_ = relay_.clock.steady() + relay_.settings.transfer.idle;
  pump_.start(std::move(action.to_mta), std::move(action.to_upstream), weak_from_this(),
              [this] { finish(); });
}

void RelaySession::finish() {
  write_log();
  std::exchange(finished_, nullptr)(shared_from_this());
}

void RelaySession::write_log() const {
  if (!relay_.log->should_log(spdlog::level::info)) return;
  const std::chrono::duration<double> duration = relay_.clock.steady() - began_;
  std::string tls = tls_version_;
  if (!outcome_.tls_failure.empty()) tls += " tls-failure=\"" + outcome_.tls_failure + "\"";
  std::string result(word(outcome_.ending));
  if (!outcome_.reason.empty()) result += " reason=\"" + outcome_.reason + "\"";
  relay_.log->info("client={} upstream={} tls={} result={} octets-out={} octets-in={} duration={:.3f}s",
                   text_of(client_), text_of(server_), tls, result, pump_.octets_to_upstream(),
                   pump_.octets_to_mta(), duration.count());
}

}  // namespace tecs
