// The server side of the mechanism TECS-1: finds the connections that a credential may belong to, verifies
// it, and says in the registry which one it was.
#pragma once

#include <spdlog/logger.h>

#include <functional>
#include <memory>
#include <string>

#include "milter/session_registry.hpp"
#include "tecs/adapters/repeat_limit.hpp"
#include "tecs/clock.hpp"
#include "tecs/key_source.hpp"
#include "tecs/verifier.hpp"
#include "verdicts/verdict.hpp"

namespace tecs {

// Thread safe. What is passed in by reference must outlive this.
class Mechanism {
 public:
  // Takes the verdict of an AUTH that could be tied to no session; id and organizational domain are not yet
  // set. Called from any thread; must not wait.
  using VerdictSink = std::function<void(Verdict)>;

  struct Parts {
    SessionRegistry& registry;
    KeySource& keys;
    const Clock& clock;
    std::shared_ptr<spdlog::logger> log;
    VerdictSink unattributed;
    std::string receiver;  // for those verdicts
  };

  Mechanism(Parts parts, const VerifierOptions& options);

  // response: base64, as sent. Waits for keys, as long as the key source does.
  //
  // What a client sends touches its own session only. A pass marks the session whose end points were signed.
  // Any other result is marked only if there was just one session that it can have come from; else it becomes
  // a verdict of its own.
  [[nodiscard]] Verification authenticate(const SessionQuery& origin, const std::string& response);

 private:
  void settle(const SessionQuery& origin, const std::vector<Candidate>& candidates,
              Authentication& authentication);
  void report_unattributed(const SessionQuery& origin, const Authentication& authentication);

  Parts parts_;
  Verifier verifier_;
  RepeatLimit unknown_connection_;
};

}  // namespace tecs
