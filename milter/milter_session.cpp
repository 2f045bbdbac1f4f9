#include "milter/milter_session.hpp"

#include <strings.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "milter/authentication_results.hpp"
#include "milter/milter_macros.hpp"
#include "milter/policy/x_tecs_field.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr const char* authentication_results_name = "Authentication-Results";

bool equal(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

// Verdicts hold signed numbers; what a client declares must not make one overflow.
constexpr std::uint64_t largest_total = std::numeric_limits<std::int64_t>::max();

}  // namespace

MilterReplies replies_for(const ReceptionRules& rules) noexcept {
  return MilterReplies{rules.mode == PolicyMode::enforce, rules.relay_guard != RelayGuard::none};
}

MilterSession::MilterSession(Parts parts, std::shared_ptr<const ReceptionRules> rules,
                             const MilterConnection& connection)
    : parts_(std::move(parts)),
      rules_(std::move(rules)),
      connection_(connection),
      opened_(parts_.clock.steady()) {
  verdict_.time = std::chrono::floor<std::chrono::milliseconds>(parts_.clock.now());
  verdict_.receiver = parts_.authserv_id.text();
  if (connection.server) verdict_.server = connection.server->format();
  if (connection.client) connection_.client_address = connection.client->address();
  if (!connection.client && connection.client_address) verdict_.client = connection.client_address->format();
  if (!connection.client) return;
  verdict_.client = connection.client->format();
  session_ = parts_.registry.open(OpenSession{*connection.client, connection.server, connection.process});
  refused_ = !session_;
}

MilterSession::~MilterSession() {
  leave_registry();
}

std::optional<Authentication> MilterSession::leave_registry() {
  if (std::exchange(refused_, false)) parts_.registry.close_refused();
  const auto session = std::exchange(session_, std::nullopt);
  return session ? parts_.registry.close(*session) : std::nullopt;
}

void MilterSession::helo(std::string_view name, std::string_view tls_version) {
  constexpr std::size_t longest = 255;  // RFC 5321 section 4.5.3.1.2
  verdict_.helo = printable_text(name, longest);
  remember_tls(tls_version);
}

// Before STARTTLS there is a HELO without it, so what was once said stays.
void MilterSession::remember_tls(std::string_view version) {
  constexpr std::size_t longest = 32;
  if (!version.empty()) verdict_.tls = printable_text(version, longest);
}

PolicyMode MilterSession::mode() const noexcept {
  return connection_.replies.mail ? rules_->mode : PolicyMode::monitor;
}

std::optional<Refusal> MilterSession::mail(const MailCommand& command) {
  message_ = Message{};
  remember_tls(command.tls_version);
  for (const std::string_view parameter : command.parameters) {
    if (const auto size = declared_size(parameter)) message_.declared_size = *size;
  }
  tecs_login_ = is_tecs_login(command.auth_type);
  take_up_authentication(!command.tls_version.empty());
  judge();
  return mode() == PolicyMode::enforce ? act() : std::nullopt;
}

void MilterSession::take_up_authentication(bool tls) {
  verification_ = Verification{};
  reputation_.reset();
  forgotten_.reset();
  const auto authentication = session_ ? parts_.registry.authentication(*session_) : std::nullopt;
  if (!authentication) return;
  // RFC 3207 section 4.2: what the client said before STARTTLS is forgotten. The MTA then knows of no login
  // by TECS-1 any more; the registry cannot tell.
  if (tls && !tecs_login_ && authentication->verification.result == Result::pass) {
    forgotten_ = authentication->number;
    return;
  }
  verification_ = authentication->verification;
  if (authentication->reputation) reputation_ = authentication->reputation->reputation;
}

void MilterSession::judge() {
  judgement_ = rules_->judge(connection_.client_address, verification_, reputation_);
  verdict_.score = judgement_.score.value();
  verdict_.symbols = format_symbols(judgement_.symbols);
  verdict_.action = word(judgement_.action);
  verdict_.mode = word(mode());
}

std::optional<Refusal> MilterSession::act() {
  switch (judgement_.action) {
    case Action::reject:
      return rejection(verification_, reputation_);
    case Action::greylist: {
      const std::string name = rules_->greylist_name_of(*connection_.client_address, verification_);
      if (parts_.greylist.admits(name, rules_->greylist)) return std::nullopt;
      return greylisting(verification_, rules_->greylist.delay);
    }
    case Action::delay:
      parts_.delays.wait(rules_->delay_time, rules_->delay_limit);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Refusal> MilterSession::recipient(std::string_view address, std::string_view mailer) {
  const bool guarded = guards(rules_->relay_guard, connection_.software) && connection_.replies.recipient &&
                       tecs_login_ && !rules_->exempts_network_of(connection_.client_address);
  if (guarded && refuses_to_relay(mailer, address, connection_.software, rules_->relay_domains)) {
    report_relaying(address, mailer);
    return relaying_denied();
  }
  ++message_.recipients;
  return std::nullopt;
}

// Once a connection, however many recipients a stranger tries.
void MilterSession::report_relaying(std::string_view address, std::string_view mailer) {
  if (std::exchange(relaying_refused_, true)) return;
  constexpr std::size_t longest = 64;
  const auto domain = recipient_domain(address);
  parts_.log->warn(
      "relay guard: a recipient at {} (transport {}) is refused to {}, whose only login is TECS-1{}; the MTA "
      "would have relayed",
      domain ? domain->text() : "no domain", printable_text(mailer, longest), verdict_.client,
      verification_.domain ? " as " + verification_.domain->text() : "");
}

void MilterSession::header(std::string_view name, std::string_view body) {
  if (equal(name, authentication_results_name)) {
    message_.authentication_results.add(is_forged(body, parts_.authserv_id));
  } else if (equal(name, x_tecs_name)) {
    message_.x_tecs.add(true);  // it does not say whose it is, so nobody else's may stay
  }
}

std::optional<std::vector<FieldEdit>> MilterSession::end_of_message() {
  const Message message = std::exchange(message_, Message{});
  if (message.authentication_results.too_many() || message.x_tecs.too_many()) return std::nullopt;
  ++verdict_.messages;
  verdict_.recipients += message.recipients;
  verdict_.bytes += std::min(message.declared_size, largest_total - verdict_.bytes);
  return std::vector<FieldEdit>{
      {x_tecs_name, message.x_tecs.highest_first(), format_x_tecs(judgement_, mode())},
      {authentication_results_name, message.authentication_results.highest_first(),
       format_authentication_results(parts_.authserv_id, verification_)}};
}

void MilterSession::abort() {
  message_ = Message{};
}

void MilterSession::add_detail(std::string_view sentence) {
  verdict_.detail += verdict_.detail.empty() ? "" : "; ";
  verdict_.detail += sentence;
}

// What was forgotten is no result; but somebody will ask what became of it.
void MilterSession::describe_authentication(const Authentication& authentication) {
  if (authentication.number != forgotten_) return describe(authentication, verdict_);
  add_detail("a pass from before STARTTLS was forgotten (RFC 3207)");
}

Verdict MilterSession::close(End end) {
  if (const auto authentication = leave_registry()) describe_authentication(*authentication);
  if (relaying_refused_) add_detail("a recipient of another host was refused by the relay guard");
  if (end == End::interrupted) add_detail("interrupted: the receiver stopped before the connection ended");
  verdict_.duration = std::chrono::duration_cast<std::chrono::microseconds>(parts_.clock.steady() - opened_);
  return std::move(verdict_);
}

}  // namespace tecs
