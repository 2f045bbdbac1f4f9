#include "milter/mechanism.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "tecs/challenge.hpp"
#include "tecs/credential.hpp"

namespace tecs {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

std::string format_server(const SessionQuery& origin) {
  if (!origin.server) return {};
  const auto endpoint = Endpoint::make(*origin.server, origin.server_port.value_or(0));
  return endpoint ? endpoint->format() : origin.server->format();
}

std::string format_client(const SessionQuery& origin) {
  return origin.client ? origin.client->format() : std::string();
}

// What was known of the credential stays known.
void replace_result(Authentication& authentication, Reason reason, std::string sentence) {
  Verification& verification = authentication.verification;
  verification.result = result_of(reason);
  verification.error = Error{reason, std::move(sentence)};
  verification.epoch_offset.reset();
  verification.candidate.reset();
  authentication.reputation.reset();
}

bool passed(const Authentication& authentication) {
  return authentication.verification.result == Result::pass;
}

}  // namespace

Mechanism::Mechanism(Parts parts)
    : parts_(std::move(parts)),
      lookups_(parts_.clock),
      attempts_(parts_.clock),
      unknown_connection_(parts_.clock, std::chrono::minutes(1)),
      limit_reached_(parts_.clock, std::chrono::minutes(1)),
      attempts_used_up_(parts_.clock, std::chrono::minutes(1)) {}

// PROTOCOL section 6.
std::string Mechanism::challenge(const SessionQuery& origin) const {
  std::optional<Endpoint> client;
  if (origin.client && origin.client_port) {
    const auto named = Endpoint::make(*origin.client, *origin.client_port);
    if (named) client = *named;
  } else {
    client = parts_.registry.only_client(origin);
  }
  if (!client) return {};
  return Challenge{*client, std::chrono::floor<std::chrono::seconds>(parts_.clock.now())}.format();
}

// Verifies at the time of the arrival, however long the key takes.
Verification Mechanism::authenticate(const SessionQuery& origin, const std::string& response) {
  const auto now = std::chrono::floor<std::chrono::seconds>(parts_.clock.now());
  const std::uint64_t number = ++last_number_;
  const auto rules = parts_.rules.get();
  const auto possible = possible_connections(parts_.registry, origin, rules->public_addresses);
  if (!may_try(possible, rules->limits)) {
    Verification refused =
        failed_verification({Reason::too_many_attempts, "this connection may not try again"});
    complain(origin, refused);
    return refused;
  }
  Authentication authentication = verify(origin, response, possible, *rules, now);
  authentication.number = number;
  const auto session = possible.session(authentication.verification.candidate);
  if (passed(authentication)) {
    const SignatureUser user =
        session ? SignatureUser(session->session) : SignatureUser(DoorConnectionId{origin.door_connection});
    refuse_replay(user, *rules, now, authentication);
  }
  if (passed(authentication)) ask_reputation(authentication);
  settle(origin, session, authentication);
  return std::move(authentication.verification);
}

bool Mechanism::may_try(const PossibleConnections& possible, const ExchangeLimits& limits) {
  if (const auto sole = possible.sole_session()) {
    return parts_.registry.next_attempt(sole->session) <= limits.attempts;
  }
  if (!possible.sessions.empty() || possible.tuples.empty()) return true;
  return attempts_.next(possible.tuples.front()) <= limits.attempts;
}

Authentication Mechanism::verify(const SessionQuery& origin, const std::string& response,
                                 const PossibleConnections& possible, const ExchangeRules& rules,
                                 std::chrono::sys_seconds now) {
  const auto begin = parts_.clock.steady();
  LimitedKeySource keys(parts_.keys, parts_.would_ask, lookups_, ClientNetwork::of(origin.client),
                        rules.limits.lookups, parts_.clock);
  Authentication authentication;
  Verification& verification = authentication.verification;
  const auto credential = Credential::parse_base64(response);
  verification = Verifier(rules.verifier).verify(credential, possible.tuples, now, keys);
  authentication.tuple = possible.tuple(verification.candidate);
  authentication.epoch = Epoch::nearest(now);
  // What could be read is base64 and short enough: there is nothing in it to make fit to be printed.
  authentication.credential = credential ? response : evidence_of(response);
  authentication.dns_time = duration_cast<microseconds>(keys.time());
  authentication.verification_time =
      duration_cast<microseconds>(parts_.clock.steady() - begin) - authentication.dns_time;
  if (verification.error && verification.error->reason == Reason::unknown_connection &&
      parts_.registry.incomplete()) {
    replace_result(authentication, Reason::too_many_sessions,
                   "more connections are open here than can be kept account of");
  }
  return authentication;
}

// PROTOCOL section 7.
void Mechanism::refuse_replay(const SignatureUser& user, const ExchangeRules& rules,
                              std::chrono::sys_seconds now, Authentication& authentication) {
  const Verification& verification = authentication.verification;
  const auto steps = static_cast<int>(verification.epoch_offset.value() / Epoch::step);
  const SignedConnection signature{authentication.tuple.value(), Epoch::nearest(now).moved(steps),
                                   verification.domain.value()};
  switch (replays_.use(signature, user, {now, parts_.clock.steady()}, rules.verifier.epoch_tolerance,
                       rules.limits.replays)) {
    case ReplayMemory::Use::first:
    case ReplayMemory::Use::same_user:
      return;
    case ReplayMemory::Use::replay:
      replace_result(authentication, Reason::replay, "this signature has been used already");
      return;
    case ReplayMemory::Use::unknown:
      replace_result(authentication, Reason::replay_unknown,
                     "whether this signature has been used already cannot be told now");
  }
}

void Mechanism::ask_reputation(Authentication& authentication) const {
  if (!parts_.reputation) return;
  const auto begin = parts_.clock.steady();
  authentication.reputation = parts_.reputation(authentication.verification.domain.value());
  authentication.dns_time += duration_cast<microseconds>(parts_.clock.steady() - begin);
}

void Mechanism::settle(const SessionQuery& origin, const std::optional<Candidate>& session,
                       Authentication& authentication) {
  if (session) {
    switch (parts_.registry.mark(session->session, authentication, session->certain)) {
      case SessionRegistry::Marking::marked:
        complain(origin, authentication.verification);
        return;
      case SessionRegistry::Marking::already_passed:
        // The same credential twice, and nothing says that both came from the same session.
        if (passed(authentication)) {
          replace_result(authentication, Reason::replay, "this signature has been used already");
        }
        break;
      case SessionRegistry::Marking::superseded:
        // The MTA has given up on this one, and says already what became of the later one.
        if (passed(authentication)) {
          replace_result(authentication, Reason::unknown_connection,
                         "a later AUTH of this connection was answered before this one");
        }
        report_unattributed(origin, authentication);
        return;
      case SessionRegistry::Marking::closed:
        if (passed(authentication)) {
          replace_result(authentication, Reason::unknown_connection,
                         "the connection ended before its signature was verified");
        }
    }
  }
  complain(origin, authentication.verification);
  report_unattributed(origin, authentication);
}

// To the administrator, of what only he can mend; once a minute, as strangers can bring it about.
void Mechanism::complain(const SessionQuery& origin, const Verification& verification) {
  if (!verification.error) return;
  const std::string client = origin.client ? origin.client->format() : "an unknown address";
  switch (verification.error->reason) {
    case Reason::unknown_connection:
      if (!unknown_connection_.due()) return;
      parts_.log->warn(
          "an AUTH came from {}, but the milter knows of no such connection; is tecs-milter listed in "
          "smtpd_milters for that service of Postfix?",
          client);
      return;
    // No verdict of its own: as a stranger may try for ever, each would be a row of the store for nothing.
    case Reason::too_many_attempts:
      if (!attempts_used_up_.due()) return;
      parts_.log->warn(
          "further AUTH commands from {} were refused: its connection has used up its attempts "
          "(auth-attempts)",
          client);
      return;
    case Reason::too_many_lookups:
    case Reason::too_many_sessions:
    case Reason::replay_unknown:
      if (!limit_reached_.due()) return;
      parts_.log->warn("an AUTH from {} was put off: {} ({})", client, word(verification.error->reason),
                       verification.error->sentence);
      return;
    default:
      return;
  }
}

void Mechanism::report_unattributed(const SessionQuery& origin, const Authentication& authentication) {
  Verdict verdict;
  verdict.time = std::chrono::floor<std::chrono::milliseconds>(parts_.clock.now());
  verdict.receiver = parts_.receiver;
  verdict.server = format_server(origin);
  verdict.client = authentication.tuple ? authentication.tuple->source().format() : format_client(origin);
  describe(authentication, verdict);
  verdict.duration = authentication.dns_time + authentication.verification_time;
  parts_.unattributed(std::move(verdict));
}

Mechanism::Statistics Mechanism::statistics() const {
  return {lookups_.under_way(), replays_.size()};
}

}  // namespace tecs
