#include "tools/probe_session.hpp"

#include <utility>

#include "program/duration.hpp"

namespace tecs {
namespace {

class Session {
 public:
  Session(ServerConnection& connection, const ProbeTerms& terms, const Clock& clock)
      : connection_(connection), terms_(terms), clock_(clock), dialogue_(terms.dialogue) {}

  ProbeRecord run(const std::function<void(const ProbeStep&)>& told) {
    std::size_t shown = 0;
    ProbeAction action = dialogue_.begin();
    asked_ = clock_.steady();
    while (!std::holds_alternative<End>(action)) {
      action = std::visit([this](const auto& next) { return carry_out(next); }, action);
      if (dialogue_.challenge() && !heard_challenge_) heard_challenge_ = now();
      for (; shown < dialogue_.steps().size(); ++shown) told(dialogue_.steps()[shown]);
    }
    return {connection_.tuple(),
            dialogue_.steps(),
            dialogue_.outcome(),
            dialogue_.decisive_reply(),
            std::move(signature_),
            dialogue_.challenge(),
            heard_challenge_.value_or(now())};
  }

 private:
  [[nodiscard]] std::chrono::sys_seconds now() const {
    return std::chrono::floor<std::chrono::seconds>(clock_.now());
  }

  [[nodiscard]] ProbeAction carry_out(const Hear&) {
    // A server that sends one octet at a time is not waited for either.
    if (clock_.steady() - asked_ > terms_.timeout) {
      return dialogue_.lost("no whole reply within " + format_duration(terms_.timeout));
    }
    const auto octets = connection_.receive();
    return octets ? dialogue_.received(*octets) : dialogue_.lost(octets.error().sentence);
  }

  [[nodiscard]] ProbeAction carry_out(const Say& say) {
    asked_ = clock_.steady();
    const auto sent = connection_.send(say.octets);
    return sent ? ProbeAction(Hear{}) : dialogue_.lost(sent.error().sentence);
  }

  [[nodiscard]] ProbeAction carry_out(const BeginTls&) {
    const auto secured = connection_.start_tls(terms_.tls);
    return secured ? dialogue_.secured(*secured) : dialogue_.handshake_failed(secured.error().sentence);
  }

  // PROTOCOL section 6: the destination is always our own view.
  [[nodiscard]] ProbeAction carry_out(const SignNow& sign) {
    ConnectionTuple tuple = connection_.tuple();
    std::chrono::sys_seconds time = now();
    if (sign.challenge) {
      const auto seen = ConnectionTuple::make(tuple.destination(), sign.challenge->client);
      if (!seen) return dialogue_.lost("the challenge names an address of another family");
      tuple = *seen;
      if (std::chrono::abs(sign.challenge->time - time) <= probe_skew) time = sign.challenge->time;
    }
    const Epoch epoch = Epoch::nearest(time);
    const auto credential = terms_.signer->sign(tuple, epoch);
    if (!credential) return dialogue_.lost(credential.error().sentence);
    signature_ = ProbeSignature{tuple, epoch, *credential};
    return dialogue_.signed_as(*credential);
  }

  [[nodiscard]] ProbeAction carry_out(const End&) { return End{}; }

  ServerConnection& connection_;
  const ProbeTerms& terms_;
  const Clock& clock_;
  ProbeDialogue dialogue_;
  std::chrono::steady_clock::time_point asked_;
  std::optional<std::chrono::sys_seconds> heard_challenge_;
  std::optional<ProbeSignature> signature_;
};

}  // namespace

ProbeRecord run_probe(ServerConnection& connection, const ProbeTerms& terms, const Clock& clock,
                      const std::function<void(const ProbeStep&)>& told) {
  return Session(connection, terms, clock).run(told);
}

}  // namespace tecs
