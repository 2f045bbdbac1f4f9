#include "unit/signer/watch_play.hpp"

#include "signer/identity_match.hpp"

namespace tecs::test {
namespace {

using State = TransactionWatch::State;

Identity identity_of(const char* domain) {
  static const SigningKey key = *SigningKey::generate(KeyType::ed25519, 0);
  return std::make_shared<const Signer>(*Domain::parse(domain), std::nullopt, key);
}

struct Parties {
  Identity a = identity_of("a.example");
  Identity b = identity_of("b.example");
  IdentityTable table{a};
  Parties() {
    add("sender:c.example", a);
    add("sender:b.example", b);
    add("sender:unsigned.example", nullptr);
    add("helo:b.example", b);
  }
  void add(const char* match, const Identity& identity) {
    EXPECT_TRUE(table.add(*IdentityMatch::parse(match), identity));
  }
};

const Parties& parties() {
  static const Parties all;
  return all;
}

IdentityChoice choice() {
  return {parties().table, {*IpAddress::parse("127.0.0.1"), 25}, *IpAddress::parse("192.0.2.1")};
}

Continuation connection(MadeFor party) {
  const SmtpReply reply{.code = 250, .lines = {"mx.example.com", "SIZE 1000", "AUTH PLAIN"}, .octets = {}};
  const char* const name = party == MadeFor::b_by_hello ? "b.example" : "relay.example";
  const Identity identity = party == MadeFor::a ? parties().a : nullptr;
  return {.identity = party == MadeFor::b_by_hello ? parties().b : identity,
          .hello = std::string("EHLO ") + name + "\r\n",
          .told = EhloCapabilities(reply)};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const WatchOutcome& outcome) {
  return out << "state " << static_cast<int>(outcome.state) << " passed "
             << testing::PrintToString(outcome.passed) << " kept " << testing::PrintToString(outcome.kept)
             << " failure " << outcome.failure;
}

WatchPlay::WatchPlay(MadeFor party) : watch_(choice(), connection(party), party != MadeFor::nobody) {}

void WatchPlay::take(Who who, std::string_view piece) {
  if (who == Who::server) heard_ += watch_.upstream_sent(piece);
  if (who == Who::mta) kept_.append(piece);
  if (watch_.state() != State::going) return;
  const std::size_t count = watch_.mta_sent(kept_);
  passed_.append(kept_, 0, count);
  kept_.erase(0, count);
}

WatchOutcome WatchPlay::outcome() const {
  const bool failed = watch_.state() == State::failed;
  return {watch_.state(), passed_, kept_, std::string(failed ? watch_.failure().status : "")};
}

TEST_P(Watched, in_whole_turns) {
  WatchPlay play(GetParam().connection);
  for (const Turn& turn : GetParam().turns) play.take(turn.who, turn.octets);
  EXPECT_EQ(play.outcome(), GetParam().want);
}

TEST_P(Watched, cut_at_every_octet) {
  for (std::size_t cut_turn = 0; cut_turn < GetParam().turns.size(); ++cut_turn) {
    const std::size_t size = GetParam().turns[cut_turn].octets.size();
    if (size > 1000) continue;  // their single octets are played below
    for (std::size_t cut = 1; cut < size; ++cut) {
      WatchPlay play(GetParam().connection);
      for (std::size_t i = 0; i < GetParam().turns.size(); ++i) {
        const Turn& turn = GetParam().turns[i];
        const std::string_view octets = turn.octets;
        play.take(turn.who, octets.substr(0, i == cut_turn ? cut : std::string_view::npos));
        if (i == cut_turn) play.take(turn.who, octets.substr(cut));
      }
      EXPECT_EQ(play.outcome(), GetParam().want) << "turn " << cut_turn << " cut at " << cut;
    }
  }
}

TEST_P(Watched, in_single_octets) {
  WatchPlay play(GetParam().connection);
  for (const Turn& turn : GetParam().turns) {
    for (const char octet : turn.octets) play.take(turn.who, {&octet, 1});
  }
  EXPECT_EQ(play.outcome(), GetParam().want);
}

}  // namespace tecs::test
