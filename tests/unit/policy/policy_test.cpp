#include "milter/policy/policy.hpp"

#include <gtest/gtest.h>

namespace tecs::test {
namespace {

struct Facts {
  Verification verification;
  std::optional<Reputation> reputation;
};

Verification verified(Result result, std::optional<Reason> reason = std::nullopt) {
  Verification verification;
  verification.result = result;
  if (reason) verification.error = Error{*reason, "for the test"};
  return verification;
}

Verification with_key(Verification verification, unsigned bits, bool dnssec) {
  verification.algorithm = Algorithm::rsa_sha256;
  verification.key_bits = bits;
  verification.dnssec = dnssec;
  return verification;
}

Verification testing_domain(Verification verification) {
  verification.testing = true;
  return verification;
}

Verification ed25519() {
  Verification verification = verified(Result::pass);
  verification.algorithm = Algorithm::ed25519_sha256;
  verification.key_bits = 256;
  return verification;
}

struct JudgementRow {
  const char* name;
  Facts facts;
  const char* score;
  const char* symbols;
  Action action;
};

// With the default weights and thresholds.
const JudgementRow rows[] = {
    {"unsigned", {verified(Result::none), {}}, "0.5", "TECS_NONE", Action::none},
    {"neutral", {verified(Result::neutral), {}}, "0.5", "TECS_NONE", Action::none},
    {"pass, nobody asked", {verified(Result::pass), {}}, "-1.0", "TECS_PASS", Action::none},
    {"pass, unknown",
     {verified(Result::pass), Reputation::unknown},
     "-1.0",
     "TECS_PASS,REP_UNKNOWN",
     Action::none},
    {"pass, medium",
     {verified(Result::pass), Reputation::medium},
     "0.0",
     "TECS_PASS,REP_MEDIUM",
     Action::none},
    {"pass, good", {verified(Result::pass), Reputation::good}, "-5.0", "TECS_PASS,REP_GOOD", Action::accept},
    {"pass, good, dnssec",
     {with_key(verified(Result::pass), 2048, true), Reputation::good},
     "-5.2",
     "TECS_PASS,REP_GOOD,TECS_DNSSEC",
     Action::accept},
    {"pass, good, weak key",
     {with_key(verified(Result::pass), 2047, false), Reputation::good},
     "-4.5",
     "TECS_PASS,REP_GOOD,TECS_WEAK_KEY",
     Action::accept},
    {"pass, size of the key not told",
     {with_key(verified(Result::pass), 0, false), {}},
     "-1.0",
     "TECS_PASS",
     Action::none},
    {"pass, bad", {verified(Result::pass), Reputation::bad}, "5.0", "TECS_PASS,REP_BAD", Action::reject},
    {"pass, bad, dnssec",
     {with_key(verified(Result::pass), 2048, true), Reputation::bad},
     "4.8",
     "TECS_PASS,REP_BAD,TECS_DNSSEC",
     Action::reject},
    {"pass with Ed25519", {ed25519(), {}}, "-1.0", "TECS_PASS", Action::none},
    {"pass of a testing domain",
     {testing_domain(verified(Result::pass)), {}},
     "-1.0",
     "TECS_PASS",
     Action::none},
    {"fail", {verified(Result::fail, Reason::signature_mismatch), {}}, "4.0", "TECS_FAIL", Action::greylist},
    {"fail of a revoked key",
     {verified(Result::fail, Reason::key_revoked), {}},
     "4.0",
     "TECS_FAIL",
     Action::greylist},
    {"fail borrows nothing",
     {with_key(verified(Result::fail, Reason::signature_mismatch), 1024, true), Reputation::good},
     "4.0",
     "TECS_FAIL",
     Action::greylist},
    {"fail of a testing domain",
     {testing_domain(verified(Result::fail, Reason::signature_mismatch)), {}},
     "0.5",
     "TECS_NONE",
     Action::none},
    {"replay", {verified(Result::fail, Reason::replay), {}}, "6.0", "TECS_REPLAY", Action::reject},
    {"replay of a testing domain",
     {testing_domain(verified(Result::fail, Reason::replay)), {}},
     "0.5",
     "TECS_NONE",
     Action::none},
    {"policy, key too short",
     {with_key(verified(Result::policy, Reason::key_too_short), 1024, true), {}},
     "1.5",
     "TECS_POLICY,TECS_WEAK_KEY",
     Action::none},
    {"policy of a testing domain",
     {testing_domain(with_key(verified(Result::policy, Reason::key_too_short), 1024, false)), {}},
     "0.5",
     "TECS_NONE",
     Action::none},
    {"permerror", {verified(Result::permerror, Reason::no_key), {}}, "1.0", "TECS_PERMERROR", Action::none},
    {"temperror",
     {verified(Result::temperror, Reason::dns_timeout), {}},
     "0.0",
     "TECS_TEMPERROR",
     Action::none},
};

TEST(Policy, judges_by_the_defaults) {
  const Policy policy;
  for (const JudgementRow& row : rows) {
    const Judgement judgement = policy.judge(row.facts.verification, row.facts.reputation);
    EXPECT_EQ(judgement.score.format(), row.score) << row.name;
    EXPECT_EQ(format_symbols(judgement.symbols), row.symbols) << row.name;
    EXPECT_EQ(judgement.action, row.action) << row.name << ": " << word(judgement.action);
  }
}

TEST(Policy, does_nothing_to_whom_it_exempts) {
  const Policy policy;
  for (const JudgementRow& row : rows) {
    const Judgement judgement = policy.exempt(row.facts.verification, row.facts.reputation);
    EXPECT_EQ(judgement.score.format(), row.score) << row.name;
    EXPECT_EQ(format_symbols(judgement.symbols), std::string("EXEMPT,") + row.symbols) << row.name;
    EXPECT_EQ(judgement.action, Action::none) << row.name;
  }
}

TEST(Policy, lists_but_does_not_count_what_is_in_dry_run) {
  Policy policy;
  policy.dry_run = {Symbol::tecs_fail, Symbol::rep_bad};
  const Judgement fail = policy.judge(verified(Result::fail, Reason::signature_mismatch), {});
  EXPECT_EQ(fail.score, Score());
  EXPECT_EQ(format_symbols(fail.symbols), "TECS_FAIL?");
  EXPECT_EQ(fail.action, Action::none);
  const Judgement bad = policy.judge(verified(Result::pass), Reputation::bad);
  EXPECT_EQ(bad.score.format(), "-1.0");
  EXPECT_EQ(format_symbols(bad.symbols), "TECS_PASS,REP_BAD?");
  EXPECT_EQ(policy.judge(verified(Result::fail, Reason::replay), {}).action, Action::reject)
      << "another symbol, which counts";
}

TEST(Policy, weighs_as_configured) {
  Policy policy;
  policy.weights.set(Symbol::tecs_none, *Score::parse("7.25"));
  const Judgement judgement = policy.judge(Verification{}, {});
  EXPECT_EQ(judgement.score.format(), "7.25");
  EXPECT_EQ(judgement.action, Action::reject);
}

struct ThresholdRow {
  const char* score;
  Action action;
};

TEST(Policy, takes_the_severest_action_that_is_reached) {
  Policy policy;
  for (const auto& [score, action] : {ThresholdRow{"-4", Action::accept},
                                      {"-3.999", Action::none},
                                      {"1.999", Action::none},
                                      {"2", Action::delay},
                                      {"3.999", Action::delay},
                                      {"4", Action::greylist},
                                      {"4.499", Action::greylist},
                                      {"4.5", Action::reject},
                                      {"1000", Action::reject},
                                      {"-1000", Action::accept}}) {
    policy.weights.set(Symbol::tecs_none, *Score::parse(score));
    EXPECT_EQ(policy.judge(Verification{}, {}).action, action) << score;
  }
}

TEST(Policy, never_takes_an_action_without_a_threshold) {
  Policy policy;
  policy.thresholds = Thresholds{{}, {}, {}, {}};
  for (const char* const score : {"-1000", "1000"}) {
    policy.weights.set(Symbol::tecs_none, *Score::parse(score));
    EXPECT_EQ(policy.judge(Verification{}, {}).action, Action::none) << score;
  }
}

}  // namespace
}  // namespace tecs::test
