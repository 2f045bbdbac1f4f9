// The server side of the mechanism TECS-1: finds the connections that a credential may belong to, verifies
// it, and says in the registry which one it was.
#pragma once

#include <spdlog/logger.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "milter/attempt_count.hpp"
#include "milter/exchange_rules.hpp"
#include "milter/limited_key_source.hpp"
#include "milter/lookup_limit.hpp"
#include "milter/possible_connections.hpp"
#include "milter/replay_memory.hpp"
#include "milter/session_registry.hpp"
#include "program/current.hpp"
#include "tecs/adapters/repeat_limit.hpp"
#include "tecs/clock.hpp"
#include "tecs/domain.hpp"
#include "tecs/key_source.hpp"
#include "verdicts/reputation.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Thread safe. What is passed in by reference must outlive this.
class Mechanism {
 public:
  // Takes the verdict of an AUTH that could be tied to no session; id and organizational domain are not yet
  // set. Called from any thread; must not wait.
  using VerdictSink = std::function<void(Verdict)>;
  // Called from any thread; may wait, for a bounded time. Empty: nobody is asked at present.
  using ReputationSource = std::function<std::optional<ReputationAnswer>(const Domain&)>;

  struct Parts {
    SessionRegistry& registry;
    KeySource& keys;
    const Current<ExchangeRules>& rules;
    const Clock& clock;
    std::shared_ptr<spdlog::logger> log;
    VerdictSink unattributed;
    std::string receiver;                    // for those verdicts
    LimitedKeySource::WouldAsk would_ask{};  // of keys; empty: each look-up counts as one that asks DNS
    ReputationSource reputation{};           // empty: nobody is asked
  };

  struct Statistics {
    std::size_t lookups_under_way;
    std::size_t signatures_remembered;
  };

  explicit Mechanism(Parts parts);

  // What to tell a client that has sent no initial response, not yet base64. Empty when its end of the
  // connection is not known for sure.
  [[nodiscard]] std::string challenge(const SessionQuery& origin) const;

  // response: base64, as sent. Waits for keys, as long as the key source does, and after a pass for the
  // reputation.
  //
  // What a client sends touches its own session only. A pass marks the session whose end points were signed.
  // Any other result is marked only if there was just one session that it can have come from; else it becomes
  // a verdict of its own. So does any result of a connection that the milter does not know, which can be
  // verified when the request names both ends with their ports.
  //
  // What the registry refused is counted there. But of a service that uses the SASL door without the milter,
  // or of a client that smtpd_milter_maps keeps from it, nothing is known here. When the MTA names neither
  // the client's port nor, to both doors, the process, its result is marked on the only session of the same
  // address, if there is one, and its challenge tells that session's end. So every service that uses the SASL
  // door must have the milter, or the tie between the doors.
  //
  // A connection that has used up its attempts is refused without a look at what it sends, and what was known
  // of it stays: more attempts must not make a bad result better. Attempts are counted where it is sure whose
  // they are; of Postfix without the tie between the doors, with several connections of one client open, they
  // are not, as they would count against the others. Postfix's own smtpd_hard_error_limit is there for those.
  [[nodiscard]] Verification authenticate(const SessionQuery& origin, const std::string& response);

  [[nodiscard]] Statistics statistics() const;

 private:
  [[nodiscard]] bool may_try(const PossibleConnections& possible, const ExchangeLimits& limits);
  [[nodiscard]] Authentication verify(const SessionQuery& origin, const std::string& response,
                                      const PossibleConnections& possible, const ExchangeRules& rules,
                                      std::chrono::sys_seconds now);
  void refuse_replay(const SignatureUser& user, const ExchangeRules& rules, std::chrono::sys_seconds now,
                     Authentication& authentication);
  void ask_reputation(Authentication& authentication) const;
  void settle(const SessionQuery& origin, const std::optional<Candidate>& session,
              Authentication& authentication);
  void complain(const SessionQuery& origin, const Verification& verification);
  void report_unattributed(const SessionQuery& origin, const Authentication& authentication);

  Parts parts_;
  std::atomic<std::uint64_t> last_number_{0};
  ReplayMemory replays_;
  LookupLimit lookups_;
  AttemptCount attempts_;
  RepeatLimit unknown_connection_;
  RepeatLimit limit_reached_;
  RepeatLimit attempts_used_up_;
};

}  // namespace tecs
