// Remembers which signatures were accepted, so that each is good for one TCP connection (PROTOCOL section 7).
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>

#include "milter/session_registry.hpp"
#include "tecs/connection_tuple.hpp"
#include "tecs/digest.hpp"
#include "tecs/domain.hpp"
#include "tecs/epoch.hpp"
#include "tecs/verifier.hpp"
#include "verdicts/client_network.hpp"

namespace tecs {

// What was signed: two accepted credentials with the same are one signature, whatever else stands in them.
struct SignedConnection {
  ConnectionTuple tuple;
  Epoch epoch;  // that matched
  Domain domain;
};

// Who used a signature: a session of the milter. An SMTP connection that the milter does not know has no
// number of its own; what stands for it is the connection of the SASL door that the credential came over. A
// Cyrus plugin makes one for each AUTH, so there the same signature sent twice is a replay even when it comes
// from one SMTP connection: refused too often rather than too rarely.
enum class DoorConnectionId : std::uint32_t {};
using SignatureUser = std::variant<SessionId, DoorConnectionId>;

// No I/O. Thread safe; no call waits for more than other calls.
//
// A signature is forgotten with the moment from which the verifier would no longer take it, by the time of
// day, as that is what the verifier goes by. When that clock is set back, the verifier may take again what
// was forgotten already. So the latest epoch of which something was forgotten is remembered as well, and up
// to it nothing new is taken: `unknown`. That ends when the clock is where it was. It also covers a
// verification that waited for DNS until its epoch was over.
//
// A clock that was hours ahead must not shut the door for hours. But of a clock that jumped back nobody can
// tell whether it was wrong before or is wrong now. So what lies further ahead than any verifier looks is
// kept for as long as any verifier takes one signature, by the clock that never jumps, and only then dropped:
// if it was accepted at the right time, that time is over.
//
// When the memory is full, new signatures are `unknown` and old ones stay. To drop the oldest instead would
// let whoever can make many connections have a signature forgotten while it can be used again. Not to know
// costs mail little: the client tries again or goes on unsigned. And one network of clients, /24 or of IPv6
// /48, gets a quarter of the memory: to fill it takes clients in four of them, who keep on signing.
//
// It is empty after a restart.
class ReplayMemory {
 public:
  enum class Use {
    first,
    same_user,  // which is no replay
    replay,
    unknown,  // full, or the clock was set back
  };
  static constexpr std::size_t shares = 4;
  // From the first moment at which a verifier may take a signature to the last.
  static constexpr std::chrono::seconds longest_window =
      Epoch::step * (2 * VerifierOptions::maximum_epoch_tolerance + 1);

  struct Now {
    std::chrono::sys_seconds time;  // that the verifier went by
    std::chrono::steady_clock::time_point steady;
  };

  // To be called with what the verifier has just accepted. tolerance: the verifier's, in steps; maximum: how
  // many signatures are remembered, at least one.
  [[nodiscard]] Use use(const SignedConnection& signature, const SignatureUser& user, const Now& now,
                        int tolerance, std::size_t maximum);

  // The moment from which a verifier with this tolerance takes no signature of this epoch any more.
  [[nodiscard]] static constexpr std::chrono::sys_seconds expiry(Epoch epoch, int tolerance) noexcept {
    return epoch.moved(tolerance).time() + Epoch::step / 2;
  }

  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    SignatureUser user;
    ClientNetwork network;
  };
  // A digest is no stranger's choice, so nobody can make a hash table of them slow.
  struct DigestHash {
    [[nodiscard]] std::size_t operator()(const Digest& digest) const noexcept;
  };
  struct OfEpoch {
    std::unordered_map<Digest, Entry, DigestHash> entries;
    std::chrono::steady_clock::time_point last;  // when the last of them came
  };
  using Epochs = std::map<Epoch, OfEpoch>;

  void forget_expired(const Now& now, int tolerance);
  Epochs::iterator forget(Epochs::iterator epoch);

  mutable std::mutex mutex_;
  Epochs by_epoch_;
  std::map<ClientNetwork, std::size_t> by_network_;  // how many of each; none has zero
  std::size_t size_ = 0;
  std::optional<Epoch> forgotten_;  // the latest epoch of which something was forgotten
  std::chrono::steady_clock::time_point last_forgotten_{};
};

}  // namespace tecs
