// One connection of `tecs probe`: drives the dialogue, signs when it is time, and keeps what was seen.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "tecs/clock.hpp"
#include "tecs/credential.hpp"
#include "tecs/epoch.hpp"
#include "tecs/signer.hpp"
#include "tools/probe_dialogue.hpp"
#include "tools/server_connection.hpp"

namespace tecs {

// What was signed, and with what.
struct ProbeSignature {
  ConnectionTuple tuple;
  Epoch epoch;
  Credential credential;
};

// What is known after a connection. Plain value.
struct ProbeRecord {
  ConnectionTuple tuple;  // as this host sees it
  std::vector<ProbeStep> steps;
  ProbeOutcome outcome = ProbeOutcome::none;
  std::string decisive_reply;
  std::optional<ProbeSignature> signature;
  std::optional<Challenge> challenge;
  std::chrono::sys_seconds time;  // of this host, when the challenge came, else at the end
};

// How far the server's clock may be from ours to sign with its time, as for tecs-signer.
inline constexpr std::chrono::seconds probe_skew{120};

struct ProbeTerms {
  ProbeSettings dialogue;
  TlsPlan tls;
  std::shared_ptr<const Signer> signer;  // null: nothing is to be signed
  std::chrono::milliseconds timeout;     // for each reply as a whole
};

// told: is called with each step as soon as it is complete.
[[nodiscard]] ProbeRecord run_probe(ServerConnection& connection, const ProbeTerms& terms, const Clock& clock,
                                    const std::function<void(const ProbeStep&)>& told);

}  // namespace tecs
