#include "verdicts/reputation_assessment.hpp"

#include <gmock/gmock.h>

#include "unit/verdicts/reputation_store.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class ReputationComputed : public test::ReputationStore {
 protected:
  ReputationComputation compute(Writing writing = Writing::yes, Verdict::Time at = now) {
    auto computed = compute_reputation(database(), rules, at, writing);
    if (!computed) throw std::runtime_error(computed.error().sentence);
    return *computed;
  }

  // "example.org: unknown -> bad"
  static std::string text(const std::vector<ReputationChange>& changes) {
    std::string text;
    for (const ReputationChange& change : changes) {
      text += (text.empty() ? "" : ", ") + change.domain + ": " + std::string(word(change.from)) + " -> " +
              std::string(word(change.to));
    }
    return text;
  }

  void set(const std::string& domain, Reputation state, std::optional<Verdict::Time> expires = {}) {
    ASSERT_TRUE(set_override(
        database(), {.domain = domain, .state = state, .note = "told so", .time = now, .expires = expires}));
  }

  std::optional<ReputationRow> row(const std::string& domain) {
    return find_reputation(database(), domain).value();
  }

  void three_domains() {
    clean("good.example", 1000);
    clean("bad.example", 100);
    complaints("bad.example", "bad.example", 20);
    clean("new.example", 3);
  }

  const ReputationRules rules{};
};
INSTANTIATE_TEST_SUITE_P(Engines, ReputationComputed, test::both_engines, test::engine_name);

TEST_P(ReputationComputed, IsWrittenAndToldOnce) {
  three_domains();
  const ReputationComputation first = compute();
  EXPECT_EQ(text(first.changes), "bad.example: unknown -> bad, good.example: unknown -> good");
  EXPECT_THAT(first.states, ElementsAre(Pair(Reputation::good, 1), Pair(Reputation::bad, 1)));
  EXPECT_EQ(first.assessed, 3U);
  EXPECT_EQ(table(), "bad.example bad, good.example good");
  EXPECT_THAT(compute().changes, IsEmpty());
  EXPECT_EQ(table(), "bad.example bad, good.example good");
  const ReputationRow want{"bad.example", Reputation::bad,
                           "complaints about 20.0 of 100.0 messages, at least 13.34 %", 1, true};
  EXPECT_EQ(row("bad.example"), want);
}

TEST_P(ReputationComputed, IsNotWrittenWhenOnlyLookedAt) {
  three_domains();
  const ReputationComputation looked = compute(Writing::no);
  EXPECT_EQ(text(looked.changes), "bad.example: unknown -> bad, good.example: unknown -> good");
  EXPECT_EQ(table(), "");
}

TEST_P(ReputationComputed, FollowsTheEvidence) {
  three_domains();
  compute();
  complaints("good.example", "good.example", 60);
  daily({.domain = "new.example",
         .organizational_domain = "new.example",
         .connections = 50,
         .messages = 500,
         .receiver = "mx2.example.net"});
  EXPECT_EQ(text(compute().changes), "good.example: good -> bad, new.example: unknown -> good");
  EXPECT_EQ(text(compute(Writing::yes, now + 24h * 400).changes),
            "bad.example: bad -> unknown, good.example: bad -> unknown, new.example: good -> unknown");
  EXPECT_EQ(table(), "");
}

TEST_P(ReputationComputed, IsForADomainAndForItsOrganizationalDomain) {
  known("news.a.example", "a.example");
  known("mail.a.example", "a.example");
  daily(
      {.domain = "news.a.example", .organizational_domain = "a.example", .connections = 50, .messages = 200});
  complaints("news.a.example", "a.example", 30);
  daily({.domain = "mail.a.example",
         .organizational_domain = "a.example",
         .connections = 50,
         .messages = 5000});
  compute();
  EXPECT_EQ(table(), "a.example good, mail.a.example good, news.a.example bad");
  EXPECT_TRUE(row("a.example")->organizational);
  EXPECT_FALSE(row("mail.a.example")->organizational);
}

// Where the list of public suffixes has changed between two verdicts.
TEST_P(ReputationComputed, HasOneRowForANameInBothRoles) {
  known("a.example", "example");
  known("mail.a.example", "a.example");
  daily({.domain = "a.example", .organizational_domain = "example", .connections = 50, .messages = 500});
  daily(
      {.domain = "mail.a.example", .organizational_domain = "a.example", .connections = 50, .messages = 100});
  complaints("mail.a.example", "a.example", 60);
  compute();
  EXPECT_EQ(table(), "a.example bad, example good, mail.a.example bad");
}

TEST_P(ReputationComputed, IsOverruledByHand) {
  three_domains();
  compute();
  set("bad.example", Reputation::unknown);
  set("new.example", Reputation::bad);
  set("other.example", Reputation::medium, now + 24h);
  EXPECT_EQ(text(compute().changes),
            "bad.example: bad -> unknown, new.example: unknown -> bad, other.example: unknown -> medium");
  EXPECT_EQ(table(), "bad.example unknown, good.example good, new.example bad, other.example medium");
  EXPECT_EQ(row("bad.example")->reason, "by hand: told so");
  EXPECT_EQ(row("bad.example")->number, 1);
  EXPECT_EQ(row("other.example")->number, rules.youth_weight);
  ASSERT_TRUE(remove_override(database(), "bad.example"));
  EXPECT_EQ(text(compute(Writing::yes, now + 24h).changes),
            "bad.example: unknown -> bad, other.example: medium -> unknown");
  EXPECT_EQ(table(), "bad.example bad, good.example good, new.example bad");
}

TEST_P(ReputationComputed, CanBeBroughtUpToDateForOneDomain) {
  three_domains();
  const auto compute_of = [&](const std::string& domain) {
    const auto change = compute_reputation_of(database(), domain, rules, now).value();
    return change ? text({*change}) : "";
  };
  EXPECT_EQ(compute_of("bad.example"), "bad.example: unknown -> bad");
  EXPECT_EQ(table(), "bad.example bad");
  EXPECT_EQ(compute_of("bad.example"), "");
  EXPECT_EQ(compute_of("new.example"), "");
  EXPECT_EQ(compute_of("nobody.example"), "");
  set("nobody.example", Reputation::good);
  EXPECT_EQ(compute_of("nobody.example"), "nobody.example: unknown -> good");
  const auto at_once = row("nobody.example");
  compute();
  EXPECT_EQ(row("nobody.example"), at_once);
  ASSERT_TRUE(remove_override(database(), "nobody.example"));
  EXPECT_EQ(compute_of("nobody.example"), "nobody.example: good -> unknown");
  EXPECT_EQ(table(), "bad.example bad, good.example good");
}

TEST_P(ReputationComputed, PutsRightWhatSomebodyElseWrote) {
  three_domains();
  compute();
  change("UPDATE reputation SET state = 'superb' WHERE domain = 'bad.example'");
  change("UPDATE reputation SET domain = 'zzz.example' WHERE domain = 'good.example'");
  EXPECT_EQ(text(compute().changes),
            "bad.example: unknown -> bad, good.example: unknown -> good, zzz.example: good -> unknown");
  EXPECT_EQ(table(), "bad.example bad, good.example good");
}

TEST_P(ReputationComputed, WritesOnlyWhatChanged) {
  three_domains();
  compute();
  change("UPDATE reputation SET time = 'untouched'");
  complaints("bad.example", "bad.example", 1);
  compute(Writing::yes, now + 1min);
  std::string times;
  ASSERT_TRUE(database().query("SELECT time FROM reputation ORDER BY domain", {}, [&](const SqlRow& read) {
    times += std::string(read.text(0)) + " ";
    return true;
  }));
  EXPECT_EQ(times, "2026-07-01T13:01:00.000Z untouched ");
}

// More than one batch, and a rest.
TEST_P(ReputationComputed, WritesAnyNumberOfRows) {
  constexpr int count = 457;
  for (int i = 0; i < count; ++i) clean("d" + std::to_string(i) + ".example", 1000);
  EXPECT_EQ(compute().changes.size(), std::size_t{count});
  EXPECT_EQ(std::ranges::count(table(), ','), count - 1);
  EXPECT_THAT(compute().changes, IsEmpty());
}

TEST(ReputationReason, SaysWhyInFigures) {
  const ReputationRules rules;
  struct Row {
    std::string_view test;
    ReputationAssessment assessment;
    std::string want;
  };
  const auto assessment = [](Reputation state) {
    ReputationAssessment of;
    of.evidence.messages = 400.04;
    of.evidence.complaints = 5;
    of.age = std::chrono::days{50};
    of.complaint_rate = {0.012345, 0.2};
    of.state = state;
    return of;
  };
  ReputationAssessment never = assessment(Reputation::unknown);
  never.age.reset();
  ReputationAssessment young = assessment(Reputation::unknown);
  young.age = std::chrono::days{6};
  ReputationAssessment high = assessment(Reputation::medium);
  high.complaint_rate.upper = 0.01;
  high.number = 0.567;
  for (const Row& row : {
           Row{"bad", assessment(Reputation::bad), "complaints about 5.0 of 400.0 messages, at least 1.23 %"},
           Row{"good", assessment(Reputation::good),
               "complaints about 5.0 of 400.0 messages, at most 20.00 %"},
           Row{"medium", assessment(Reputation::medium),
               "complaints about 5.0 of 400.0 messages, at most 20.00 %"},
           Row{"medium by its number", high, "the number is 0.57"},
           Row{"never", never, "it never passed"},
           Row{"young", young, "it first passed 6 days ago"},
           Row{"few", assessment(Reputation::unknown), "only 400.0 messages"},
       }) {
    EXPECT_EQ(reason_of(row.assessment, rules), row.want) << row.test;
  }
}

}  // namespace
}  // namespace tecs
