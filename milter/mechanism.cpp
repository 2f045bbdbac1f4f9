#include "milter/mechanism.hpp"

#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

#include "tecs/credential.hpp"

namespace tecs {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// Measures how long another source is waited for.
class TimedKeySource final : public KeySource {
 public:
  TimedKeySource(KeySource& source, const Clock& clock) noexcept : source_(source), clock_(clock) {}

  [[nodiscard]] KeyLookup lookup(const std::string& name) override {
    const auto begin = clock_.steady();
    KeyLookup found = source_.lookup(name);
    time_ += clock_.steady() - begin;
    return found;
  }
  [[nodiscard]] std::chrono::steady_clock::duration time() const noexcept { return time_; }

 private:
  KeySource& source_;
  const Clock& clock_;
  std::chrono::steady_clock::duration time_{0};
};

std::string format_server(const SessionQuery& origin) {
  if (!origin.server) return {};
  const auto endpoint = Endpoint::make(*origin.server, origin.server_port.value_or(0));
  return endpoint ? endpoint->format() : origin.server->format();
}

// What was known of the credential stays known.
void replace_result(Verification& verification, Reason reason, std::string sentence) {
  verification.result = result_of(reason);
  verification.error = Error{reason, std::move(sentence)};
  verification.epoch_offset.reset();
  verification.candidate.reset();
}

}  // namespace

Mechanism::Mechanism(Parts parts, const VerifierOptions& options)
    : parts_(std::move(parts)),
      verifier_(options),
      unknown_connection_(parts_.clock, std::chrono::minutes(1)) {}

Verification Mechanism::authenticate(const SessionQuery& origin, const std::string& response) {
  const auto begin = parts_.clock.steady();
  const std::vector<Candidate> candidates = parts_.registry.candidates(origin);
  std::vector<ConnectionTuple> tuples;
  tuples.reserve(candidates.size());
  for (const Candidate& candidate : candidates) tuples.push_back(candidate.tuple);

  TimedKeySource keys(parts_.keys, parts_.clock);
  const auto now = std::chrono::floor<std::chrono::seconds>(parts_.clock.now());
  Authentication authentication;
  authentication.verification = verifier_.verify(Credential::parse_base64(response), tuples, now, keys);
  authentication.credential = evidence_of(response);
  authentication.dns_time = duration_cast<microseconds>(keys.time());
  authentication.verification_time =
      duration_cast<microseconds>(parts_.clock.steady() - begin) - authentication.dns_time;
  settle(origin, candidates, authentication);
  return std::move(authentication.verification);
}

void Mechanism::settle(const SessionQuery& origin, const std::vector<Candidate>& candidates,
                       Authentication& authentication) {
  Verification& verification = authentication.verification;
  if (verification.result == Result::pass) {
    switch (parts_.registry.mark(candidates.at(verification.candidate.value()).session, authentication)) {
      case SessionRegistry::Marking::marked:
        return;
      case SessionRegistry::Marking::already_passed:  // the same credential twice at the same time
        replace_result(verification, Reason::replay, "this signature has been used already");
        break;
      case SessionRegistry::Marking::closed:
        replace_result(verification, Reason::unknown_connection,
                       "the connection ended before its signature was verified");
        break;
    }
  } else if (candidates.size() == 1 || verification.candidate) {
    // A matching signature that policy does not accept says as well which connection it was.
    const SessionId session = candidates.at(verification.candidate.value_or(0)).session;
    if (parts_.registry.mark(session, authentication) == SessionRegistry::Marking::marked) return;
  }
  report_unattributed(origin, authentication);
}

void Mechanism::report_unattributed(const SessionQuery& origin, const Authentication& authentication) {
  const Verification& verification = authentication.verification;
  if (verification.error && verification.error->reason == Reason::unknown_connection &&
      unknown_connection_.due()) {
    parts_.log->warn(
        "an AUTH came from {}, but the milter knows of no such connection; is tecs-milter listed in "
        "smtpd_milters for "
        "that service of Postfix?",
        origin.client ? origin.client->format() : "an unknown address");
  }
  Verdict verdict;
  verdict.time = std::chrono::floor<std::chrono::milliseconds>(parts_.clock.now());
  verdict.receiver = parts_.receiver;
  verdict.server = format_server(origin);
  verdict.client = origin.client ? origin.client->format() : std::string();
  describe(authentication, verdict);
  verdict.duration = authentication.dns_time + authentication.verification_time;
  parts_.unattributed(std::move(verdict));
}

}  // namespace tecs
