#include "tools/probe_dialogue.hpp"

#include <array>
#include <utility>

#include "smtp/ehlo_capabilities.hpp"
#include "tecs/base64.hpp"
#include "tecs/printable_text.hpp"

namespace tecs {
namespace {

constexpr std::size_t longest_line = 160;  // of what is shown
constexpr std::size_t most_lines = 40;

ProbeStep step_of(std::string name, std::string said, const SmtpReply& reply) {
  ProbeStep step{std::move(name), std::move(said), {}, {}};
  for (std::size_t i = 0; i < reply.lines.size() && i < most_lines; ++i) {
    const bool last = i + 1 == reply.lines.size();
    step.reply.push_back(std::to_string(reply.code) + (last ? " " : "-") +
                         printable_text(reply.lines[i], longest_line));
  }
  if (reply.lines.size() > most_lines) {
    step.reply.push_back("(" + std::to_string(reply.lines.size() - most_lines) + " more lines)");
  }
  return step;
}

bool for_now(const SmtpReply& reply) {
  return reply.code >= 400 && reply.code < 500;
}

std::string offer_sentence(bool starttls, bool tecs, bool encrypted) {
  if (tecs) {
    return starttls && !encrypted ? "It offers STARTTLS, and AUTH TECS-1: a signature can be given here."
                                  : "It offers AUTH TECS-1: a signature can be given here.";
  }
  if (starttls && !encrypted) return "It offers STARTTLS, and no AUTH TECS-1 yet.";
  return "It does not offer AUTH TECS-1: mail arrives here unsigned.";
}

// RFC 4954 sections 4 and 6.
std::string refusal_sentence(const SmtpReply& reply) {
  switch (reply.code) {
    case 535:
      return "The server does not take the signature.";
    case 454:
      return "The server cannot check the signature now: its milter is away, or DNS did not answer it.";
    case 530:
    case 538:
      return "The server wants TLS first.";
    case 504:
      return "The server does not know TECS-1 after all.";
    case 334:
      return "The server asks for more, although it has all there is.";
    case 421:
      return "The server ends the connection.";
    default:
      return for_now(reply) ? "The server does not take the signature now."
                            : "The server does not take the command.";
  }
}

}  // namespace

std::string_view word(ProbeOutcome outcome) noexcept {
  constexpr std::array<std::string_view, 13> words{
      "none",        "offered", "accepted", "challenged", "not-offered", "refused", "put-off",
      "turned-away", "busy",    "no-tls",   "tls-failed", "lost",        "not-smtp"};
  return words.at(static_cast<std::size_t>(outcome));
}

ProbeDialogue::ProbeDialogue(ProbeSettings settings) : settings_(std::move(settings)) {}

ProbeAction ProbeDialogue::received(std::string_view octets) {
  replies_.append(octets);
  const auto reply = replies_.next();
  if (!reply) {
    steps_.push_back({pending_name_, pending_said_, {}, "This is not SMTP: " + reply.error().sentence + "."});
    if (outcome_ == ProbeOutcome::none) outcome_ = ProbeOutcome::not_smtp;
    state_ = State::ended;
    return End{};
  }
  return *reply ? take(**reply) : ProbeAction(Hear{});
}

ProbeAction ProbeDialogue::take(const SmtpReply& reply) {
  steps_.push_back(step_of(std::exchange(pending_name_, ""), std::exchange(pending_said_, ""), reply));
  switch (state_) {
    case State::greeting:
      return greeted(reply);
    case State::ehlo:
      return heard_ehlo(reply);
    case State::starttls:
      return heard_starttls(reply);
    case State::auth:
      return heard_auth(reply);
    case State::response:
      return heard_result(reply);
    case State::cancel:  // RFC 4954 section 4: 501, whatever it says
      explain("AUTH is cancelled.");
      return conclude(outcome_, reply);
    default:
      state_ = State::ended;
      explain("The server has taken its leave.");
      return End{};
  }
}

// RFC 5321 section 3.1.
ProbeAction ProbeDialogue::greeted(const SmtpReply& reply) {
  if (reply.code == 220) {
    explain("The server greets: it is ready for mail.");
    return say(State::ehlo, "ehlo", "EHLO " + settings_.helo);
  }
  explain(for_now(reply) ? "The server takes no mail from here now." : "The server takes no mail from here.");
  return conclude(for_now(reply) ? ProbeOutcome::busy : ProbeOutcome::turned_away, reply);
}

ProbeAction ProbeDialogue::heard_ehlo(const SmtpReply& reply) {
  if (reply.code != 250) {
    if (for_now(reply)) {
      explain("The server does not want to talk now.");
      return conclude(ProbeOutcome::busy, reply);
    }
    if (reply.code == 500 || reply.code == 502) {  // it speaks HELO only (RFC 5321 section 4.1.4)
      explain("The server does not know EHLO, so there is no AUTH: mail arrives here unsigned.");
      return conclude(ProbeOutcome::not_offered, reply);
    }
    explain("The server does not like the name, or does not want to talk.");
    return conclude(ProbeOutcome::turned_away, reply);
  }
  const EhloCapabilities capabilities(reply);
  const bool offers = capabilities.mechanism(mechanism_name);
  explain(offer_sentence(capabilities.starttls(), offers, encrypted_));
  // RFC 3207 section 4.2: what is offered before TLS counts for nothing afterwards, so AUTH comes last.
  if (!encrypted_ && settings_.tls != TlsDemand::never) {
    if (capabilities.starttls()) return say(State::starttls, "starttls", "STARTTLS");
    if (settings_.tls == TlsDemand::required) {
      steps_.back().meaning += " It does not offer STARTTLS, which --tls demands.";
      return conclude(ProbeOutcome::no_tls, reply);
    }
  }
  if (!offers) return conclude(ProbeOutcome::not_offered, reply);
  return begin_auth();
}

ProbeAction ProbeDialogue::begin_auth() {
  if (settings_.aim == ProbeSettings::Aim::look) return conclude(ProbeOutcome::offered, SmtpReply{});
  if (settings_.aim == ProbeSettings::Aim::sign) {
    state_ = State::signing;
    return SignNow{};
  }
  return say(State::auth, "auth", std::string("AUTH ").append(mechanism_name));
}

ProbeAction ProbeDialogue::heard_starttls(const SmtpReply& reply) {
  if (reply.code == 220) {
    explain("Both sides encrypt from here on, and what was said in the clear counts no more.");
    // Whatever stands in the clear behind the reply did not come from the server for sure (RFC 3207 section
    // 6).
    if (replies_.discard() != 0) {
      steps_.back().meaning +=
          " More came before TLS began, which was thrown away: somebody may have slipped it in.";
    }
    state_ = State::handshake;
    return BeginTls{};
  }
  explain("The server offers STARTTLS and then refuses it.");
  if (settings_.tls == TlsDemand::required) return conclude(ProbeOutcome::no_tls, reply);
  settings_.tls = TlsDemand::never;
  return say(State::ehlo, "ehlo", "EHLO " + settings_.helo);
}

ProbeAction ProbeDialogue::secured(const std::string& meaning) {
  encrypted_ = true;
  steps_.push_back({"tls", "", {}, meaning});
  return say(State::ehlo, "ehlo", "EHLO " + settings_.helo);
}

ProbeAction ProbeDialogue::handshake_failed(const std::string& why) {
  steps_.push_back({"tls", "", {}, "The TLS handshake failed: " + why + "."});
  outcome_ = ProbeOutcome::tls_failed;
  state_ = State::ended;
  return End{};
}

ProbeAction ProbeDialogue::signed_as(const Credential& credential) {
  const AuthCommand command = make_auth_command(credential);
  const auto without_crlf = [](const std::string& line) { return line.substr(0, line.size() - 2); };
  if (state_ == State::response) {  // after the 334
    return say(State::response, "auth", encode_base64(octets_of(credential.format())));
  }
  response_ = command.response.empty() ? "" : without_crlf(command.response);
  return say(response_.empty() ? State::response : State::auth, "auth", without_crlf(command.line));
}

// The reply to an AUTH without initial response.
ProbeAction ProbeDialogue::heard_auth(const SmtpReply& reply) {
  if (reply.code != 334) return heard_result(reply);
  const auto challenge = Challenge::parse_base64(reply.lines.front());
  if (challenge) challenge_ = *challenge;
  const std::string content =
      challenge_
          ? "The server sees this connection from " + challenge_->client.format() + ", and its clock shows " +
                std::to_string(challenge_->time.time_since_epoch().count()) + "."
      : challenge ? "The server does not tell where it sees this connection from."
                  : "The server's challenge cannot be read: " + challenge.error().sentence + ".";
  explain(content);
  if (settings_.aim == ProbeSettings::Aim::ask) {
    outcome_ = ProbeOutcome::challenged;
    return say(State::cancel, "auth", "*");
  }
  if (settings_.aim == ProbeSettings::Aim::challenge) {
    state_ = State::response;
    return SignNow{challenge_};
  }
  return say(State::response, "auth", std::exchange(response_, ""));
}

ProbeAction ProbeDialogue::heard_result(const SmtpReply& reply) {
  if (reply.code == 235) {
    explain("The server has checked the signature and takes it.");
    return conclude(ProbeOutcome::accepted, reply);
  }
  explain(refusal_sentence(reply));
  if (reply.code != 334) {
    return conclude(for_now(reply) ? ProbeOutcome::put_off : ProbeOutcome::refused, reply);
  }
  outcome_ = ProbeOutcome::refused;
  return say(State::cancel, "auth", "*");
}

ProbeAction ProbeDialogue::lost(const std::string& why) {
  if (state_ == State::ended) return End{};
  if (outcome_ == ProbeOutcome::none) {
    steps_.push_back({pending_name_, pending_said_, {}, "The conversation broke off: " + why + "."});
    outcome_ = ProbeOutcome::lost;
  }
  state_ = State::ended;
  return End{};
}

ProbeAction ProbeDialogue::say(State state, std::string name, const std::string& line) {
  state_ = state;
  pending_name_ = std::move(name);
  pending_said_ = printable_text(line, longest_line);
  return Say{line + "\r\n"};
}

ProbeAction ProbeDialogue::conclude(ProbeOutcome outcome, const SmtpReply& reply) {
  outcome_ = outcome;
  if (decisive_reply_.empty()) decisive_reply_ = reply.format();
  // RFC 5321 section 3.8: the server closes after a 421.
  if (reply.code == 421) {
    state_ = State::ended;
    return End{};
  }
  return say(State::quit, "quit", "QUIT");
}

}  // namespace tecs
