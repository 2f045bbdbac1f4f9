#include "signer/mta_session.hpp"

#include <utility>

#include "smtp/auth_command.hpp"
#include "smtp/smtp_command.hpp"

namespace tecs {
namespace {

// Of a text that begins with a whole line; empty if it does not.
std::string_view first_line(std::string_view octets) {
  const std::size_t end = octets.find("\r\n");
  return octets.substr(0, end == std::string_view::npos ? 0 : end);
}

}  // namespace

MtaSession::MtaSession(const IdentityChoice& choice)
    : choice_(choice), identity_(choice_.at_connect()), by_words_(!identity_) {}

MtaSession::MtaSession(const IdentityChoice& choice, Continuation before, std::string_view held)
    : choice_(choice),
      awaits_(Awaits::nothing),
      hello_{std::move(before.hello)},
      identity_(choice_.at_hello(argument_of(first_line(hello_.line)))),
      by_words_(!choice_.at_connect()) {
  if (!identity_) said_mail(first_line(held));
  told_ = std::move(before.told);
}

void MtaSession::said_hello(std::string_view line) {
  const bool as_helo = verb_of(line) == "HELO";
  std::string said = as_helo ? "EHLO" + std::string(line.substr(4)) : std::string(line);
  hello_before_ = std::exchange(hello_, {std::move(said) + "\r\n", as_helo});
  identity_ = choice_.at_hello(argument_of(line));
  awaits_ = Awaits::hello_reply;
}

void MtaSession::hello_was_refused() {
  if (!told_) return;
  hello_ = hello_before_;
  identity_.reset();
}

void MtaSession::said_mail(std::string_view line) {
  identity_ = choice_.at_mail(line);
}

std::string MtaSession::helo() const {
  if (!hello_.as_helo || awaits_ == Awaits::nothing) return {};
  return "HELO" + hello_.line.substr(4);
}

std::string MtaSession::answer_to_hello(const EhloCapabilities& of_server, EhloCapabilities::Login login) {
  if (awaits_ == Awaits::nothing) return {};
  awaits_ = Awaits::nothing;
  const bool watched = by_words_ && of_server.mechanism(mechanism_name);
  const auto forwarding = watched ? EhloCapabilities::Forwarding::hidden : EhloCapabilities::Forwarding::open;
  told_ = hello_.as_helo ? of_server.greeting_alone() : of_server.shown(login, forwarding);
  return told_->format();
}

std::optional<std::string> MtaSession::misses(const EhloCapabilities& of_server) const {
  if (awaits_ != Awaits::nothing || !told_) return std::nullopt;
  return of_server.lacks(*told_);
}

std::optional<Continuation> MtaSession::continuation(const EhloCapabilities& of_server) const {
  const bool is_told = told_ && awaits_ == Awaits::nothing;
  if (!by_words_ || !identity_ || !is_told || !of_server.mechanism(mechanism_name)) return std::nullopt;
  return Continuation{*identity_, hello_.line, *told_};
}

}  // namespace tecs
