// The dialogues of dialogues/, each as it stands, in single octets, and broken at every step; then servers
// that no file can hold.
#include "signer/smtp_dialogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "smtp/smtp_reply.hpp"
#include "test_folders.hpp"
#include "unit/signer/dialogue_script.hpp"

namespace tecs::test {
namespace {

using Kind = NextAction::Kind;
using Ending = DialogueOutcome::Ending;

std::vector<std::filesystem::path> scripts() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(TECS_DIALOGUES)) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

std::string name_of(const testing::TestParamInfo<std::filesystem::path>& script) {
  std::string name = script.param.stem();
  std::ranges::replace(name, '-', '_');
  return name;
}

// Whatever happens, the MTA must be able to read what it is sent as replies, the last one complete.
void expect_replies(const std::string& octets) {
  SmtpReplyReader reader;
  reader.append(octets);
  for (;;) {
    const auto reply = reader.next();
    ASSERT_TRUE(reply) << reply.error().sentence << "\n" << octets;
    if (!*reply) break;
  }
  EXPECT_EQ(reader.discard(), 0U) << octets;
}

class Dialogue : public testing::TestWithParam<std::filesystem::path> {
 protected:
  const DialogueScript script_ = DialogueScript::load(GetParam());

  void break_everywhere(World world) const {
    const std::size_t actions = script_.play(Pieces::whole).actions;
    for (std::size_t action = 0; action < actions; ++action) {
      for (const Break how : {Break::closed, Break::timed_out}) {
        SCOPED_TRACE("action " + std::to_string(action) + (how == Break::closed ? " closed" : " timed out"));
        const Played played = script_.play_broken(action, how, world);
        EXPECT_TRUE(played.broken);
        EXPECT_EQ(played.failure, "");
        EXPECT_EQ(played.violation, "");
        EXPECT_NE(played.outcome.ending, Ending::is_signed);
        EXPECT_NE(played.outcome.reason, "");
        if (played.outcome.ending == Ending::failed) {
          EXPECT_EQ(played.last, Kind::close);
        }
        expect_replies(played.to_mta);
        if (played.last == Kind::close && !played.mta_gone) {
          EXPECT_NE(played.to_mta.find(" relay.example.org TECS signer: "), std::string::npos)
              << played.to_mta;
        }
      }
    }
  }
};

TEST_P(Dialogue, goes_as_written) {
  const Played played = script_.play(Pieces::whole);
  EXPECT_EQ(played.failure, "");
  EXPECT_EQ(played.violation, "");
}

TEST_P(Dialogue, does_not_depend_on_how_the_input_is_cut) {
  EXPECT_EQ(script_.play(Pieces::octets).failure, "");
}

TEST_P(Dialogue, ends_well_wherever_it_breaks_and_nobody_answers_any_more) {
  break_everywhere(World::gone);
}

TEST_P(Dialogue, ends_well_wherever_it_breaks_and_a_plain_server_answers_next_time) {
  break_everywhere(World::plain);
}

INSTANTIATE_TEST_SUITE_P(Files, Dialogue, testing::ValuesIn(scripts()), name_of);

// What a file cannot hold: servers that never stop.
struct EndlessRow {
  const char* name;
  std::string piece;
  const char* want_in_reason;
};

class EndlessServer : public testing::TestWithParam<EndlessRow> {};

TEST_P(EndlessServer, is_left_after_a_bounded_number_of_octets) {
  const IdentityTable identities(identity_of("example.org"));
  SmtpDialogue dialogue({.host = "relay.example.org"}, choice_among(identities));
  ASSERT_EQ(dialogue.start().kind, Kind::connect);
  NextAction action = dialogue.connected({});
  const std::string& piece = GetParam().piece;
  constexpr std::size_t bound = SmtpReplyReader::maximum_lines * LineReader::maximum_line + 1;
  std::size_t sent = 0;
  for (; action.kind == Kind::read_upstream && sent <= bound; sent += piece.size()) {
    action = dialogue.upstream_sent(piece);
  }
  EXPECT_LE(sent, bound);
  ASSERT_EQ(action.kind, Kind::close);
  EXPECT_TRUE(action.to_mta.starts_with("421 4.5.0 relay.example.org TECS signer: ")) << action.to_mta;
  EXPECT_NE(dialogue.outcome().reason.find(GetParam().want_in_reason), std::string::npos)
      << dialogue.outcome().reason;
}

INSTANTIATE_TEST_SUITE_P(Rows, EndlessServer,
                         testing::Values(EndlessRow{"lines", "220-welcome\r\n", "more than 128 lines"},
                                         EndlessRow{"a_line", "2", "longer than 2048 octets"},
                                         EndlessRow{"nuls", std::string(2, '\0'), "longer than 2048 octets"}),
                         [](const auto& row) { return row.param.name; });

TEST(SmtpDialogue, is_not_sent_an_endless_login) {
  IdentityTable identities;
  ASSERT_TRUE(identities.add(*IdentityMatch::parse("sender:a.example"), identity_of("a.example")));
  SmtpDialogue dialogue({.host = "relay.example.org"}, choice_among(identities));
  (void)dialogue.start();
  (void)dialogue.connected({});
  (void)dialogue.upstream_sent("220 mx\r\n");
  (void)dialogue.written();
  (void)dialogue.mta_sent("EHLO me\r\n");
  (void)dialogue.written();
  (void)dialogue.upstream_sent("250-mx\r\n250 AUTH TECS-1 XOAUTH2\r\n");
  (void)dialogue.written();
  NextAction action = dialogue.mta_sent("AUTH XOAUTH2 ");
  std::size_t sent = 0;
  for (; action.kind == Kind::read_mta; sent += 100) action = dialogue.mta_sent(std::string(100, 'A'));
  EXPECT_GT(sent, LineReader::maximum_auth_line - 100);
  EXPECT_LT(sent, LineReader::maximum_auth_line + 100);
  ASSERT_EQ(action.kind, Kind::close);
  EXPECT_TRUE(action.to_mta.starts_with("500 5.5.2 ")) << action.to_mta;
}

TEST(SmtpDialogue, says_421_in_at_most_512_octets) {
  const IdentityTable identities(identity_of("example.org"));
  SmtpDialogue dialogue({.host = std::string(250, 'h')}, choice_among(identities));
  ASSERT_EQ(dialogue.start().kind, Kind::connect);
  const NextAction action = dialogue.connect_failed(std::string(600, 'r'));
  EXPECT_EQ(action.to_mta.size(), 512U);
  expect_replies(action.to_mta);
}

TEST(SmtpDialogue, passes_on_what_the_server_sends_behind_its_last_reply) {
  const IdentityTable identities(identity_of("example.org"));
  SmtpDialogue dialogue({.host = "relay.example.org"}, choice_among(identities));
  ASSERT_EQ(dialogue.start().kind, Kind::connect);
  ASSERT_EQ(dialogue.connected({}).kind, Kind::read_upstream);
  ASSERT_EQ(dialogue.upstream_sent("220 mx\r\n").kind, Kind::write_mta);
  ASSERT_EQ(dialogue.written().kind, Kind::read_mta);
  ASSERT_EQ(dialogue.mta_sent("EHLO me\r\n").kind, Kind::write_upstream);
  ASSERT_EQ(dialogue.written().kind, Kind::read_upstream);
  const NextAction action = dialogue.upstream_sent("250 mx\r\n421 4.3.2 going do");
  ASSERT_EQ(action.kind, Kind::pump);
  EXPECT_EQ(action.to_mta, "250 mx\r\n421 4.3.2 going do");
}

TEST(SmtpDialogue, lets_nothing_be_signed_beforehand_where_nothing_is_signed) {
  const IdentityTable identities(identity_of("example.org"));
  for (const SignatureDemand demand : {SignatureDemand::never, SignatureDemand::may}) {
    SmtpDialogue dialogue({.host = "relay.example.org"}, choice_among(identities));
    (void)dialogue.start();
    (void)dialogue.connected({.signature = demand});
    EXPECT_EQ(dialogue.identity_to_sign() == nullptr, demand == SignatureDemand::never);
  }
}

TEST(SmtpDialogue, gives_each_step_the_time_of_the_rfc) {
  const IdentityTable identities(identity_of("example.org"));
  SmtpDialogue dialogue({.host = "relay.example.org"}, choice_among(identities));
  EXPECT_EQ(dialogue.start().time_limit, std::chrono::seconds(30));
  EXPECT_EQ(dialogue.connected({}).time_limit, std::chrono::minutes(5));
  (void)dialogue.upstream_sent("220 mx\r\n");
  EXPECT_EQ(dialogue.written().time_limit, std::chrono::minutes(5));
  (void)dialogue.mta_sent("EHLO me\r\n");
  EXPECT_EQ(dialogue.written().time_limit, std::chrono::minutes(5));
  (void)dialogue.upstream_sent("250-mx\r\n250 STARTTLS\r\n");
  EXPECT_EQ(dialogue.written().time_limit, std::chrono::seconds(60));
  EXPECT_EQ(dialogue.upstream_sent("220 go\r\n").time_limit, std::chrono::seconds(60));
  (void)dialogue.tls_established();
  (void)dialogue.written();
  ASSERT_EQ(dialogue.upstream_sent("250-mx\r\n250 AUTH TECS-1\r\n").kind, Kind::sign);
  (void)dialogue.signed_with(
      {Algorithm::ed25519_sha256, *Domain::parse("example.org"), std::nullopt, Octets(64)});
  EXPECT_EQ(dialogue.written().time_limit, std::chrono::seconds(30));
}

}  // namespace
}  // namespace tecs::test
