#include "signer/later_hello.hpp"

#include <utility>

#include "smtp/smtp_command.hpp"

namespace tecs {
namespace {

using Login = EhloCapabilities::Login;

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t verb_size = 4;

// An MTA that was told of no login is told of none later: perhaps nothing may go unsigned here.
Login login_of(const EhloCapabilities& told, bool is_signed) {
  const bool is_open = !is_signed && told.shown(Login::taken).format() != told.format();
  return is_open ? Login::open : Login::taken;
}

std::string_view name_in(std::string_view hello) {
  return argument_of(hello.substr(0, hello.find(line_end)));
}

}  // namespace

LaterHello::LaterHello(const IdentityChoice& choice, Continuation connection, bool is_signed)
    : choice_(choice),
      connection_(std::move(connection)),
      login_(login_of(connection_.told, is_signed)),
      identity_(choice_.at_hello(name_in(connection_.hello))) {}

void LaterHello::said(std::string_view line, bool as_helo) {
  said_ = Said{std::string("EHLO").append(line.substr(verb_size)).append(line_end), as_helo};
}

// RFC 5321 section 4.1.4: after one that is refused, the session is as it was before.
Expected<std::string> LaterHello::replied(std::string_view octets) {
  reply_.append(octets);
  auto read = reply_.next();
  if (!read) return tl::unexpected(read.error());
  if (!*read) return std::string();
  const SmtpReply& reply = **read;
  const Said said = *std::exchange(said_, std::nullopt);
  if (!reply.positive()) return reply.octets;
  identity_ = choice_.at_hello(name_in(said.line));
  connection_.hello = said.line;
  if (said.as_helo) {
    connection_.told = connection_.told.greeting_alone();
    return reply.octets;
  }
  connection_.told = EhloCapabilities(reply).shown(login_, EhloCapabilities::Forwarding::hidden);
  return connection_.told.format();
}

}  // namespace tecs
