#include "tools/probe_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tecs {
namespace {

using testing::HasSubstr;

const std::chrono::sys_seconds now{std::chrono::seconds{1170806410}};

ConnectionTuple tuple_from(const char* source) {
  return ConnectionTuple::make(*Endpoint::parse("192.0.2.25:25"), *Endpoint::parse(source)).value();
}

ProbeSignature signature_from(const char* source) {
  const Signer signer(*Domain::parse("jgc.org"), std::nullopt, *SigningKey::generate(KeyType::ed25519, 0));
  const auto tuple = tuple_from(source);
  return {tuple, Epoch::nearest(now), *signer.sign(tuple, Epoch::nearest(now))};
}

struct Row {
  const char* name;
  Reason key = Reason::io_error;  // of our own verification; io_error: pass
  const char* seen = "198.51.100.7:40213";
  int clock = 0;  // of the server, against ours
  const char* signed_source = "198.51.100.7:40213";
  const char* want_why;
  const char* want_advice;
};

class RefusedProbe : public testing::TestWithParam<Row> {};

TEST_P(RefusedProbe, NamesTheMostLikelyCause) {
  const Row& row = GetParam();
  ProbeExamination examination{"mx.example.net", 25,
                               ProbeRecord{.tuple = tuple_from("198.51.100.7:40213"),
                                           .steps = {},
                                           .outcome = ProbeOutcome::refused,
                                           .decisive_reply = "535 5.7.8 no",
                                           .signature = signature_from(row.signed_source),
                                           .challenge = {},
                                           .time = now},
                               std::nullopt, PublishedKey{}};
  examination.key->verification.result = Result::pass;
  if (row.key != Reason::io_error) examination.key->verification = failed_verification({row.key, "no"});
  examination.second = examination.record;
  examination.second->challenge =
      Challenge{*Endpoint::parse(row.seen), now + std::chrono::seconds(row.clock)};

  const ProbeAnswer answer = answer_of(examination);
  EXPECT_THAT(answer.why, HasSubstr("refused (535 5.7.8 no): "));
  EXPECT_THAT(answer.why, HasSubstr(row.want_why));
  EXPECT_THAT(answer.advice, HasSubstr(row.want_advice));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedProbe,
    testing::Values(
        Row{.name = "no_key",
            .key = Reason::no_key,
            .seen = "203.0.113.9:1",
            .want_why = "no key of jgc.org stands in DNS",
            .want_advice = "tecs record"},
        Row{.name = "other_key",
            .key = Reason::signature_mismatch,
            .want_why = "another one than that of --key",
            .want_advice = "sign with the key that is published"},
        Row{.name = "revoked", .key = Reason::key_revoked, .want_why = "no", .want_advice = "tecs lookup"},
        Row{.name = "translated",
            .seen = "203.0.113.9:1024",
            .clock = 300,
            .want_why = "sees this host as 203.0.113.9:1024, and it sees itself as 198.51.100.7:40213",
            .want_advice = "--challenge"},
        Row{.name = "translated_port_only",
            .seen = "198.51.100.7:1024",
            .want_why = "sees this host as 198.51.100.7:1024",
            .want_advice = "nat ="},
        Row{.name = "slow_clock",
            .clock = 60,
            .want_why = "this host is 60 seconds behind the server's",
            .want_advice = "NTP"},
        Row{.name = "fast_clock",
            .clock = -46,
            .want_why = "this host is 46 seconds ahead of the server's",
            .want_advice = "NTP"},
        Row{.name = "clock_is_good_enough",
            .clock = 45,
            .want_why = "key, address and clock are right",
            .want_advice = "tecs explain"},
        Row{.name = "dns_is_silent",
            .key = Reason::dns_timeout,
            .clock = -90,
            .want_why = "ahead of the server's",
            .want_advice = "NTP"},
        Row{.name = "signed_as_the_server_sees",
            .seen = "203.0.113.9:1024",
            .signed_source = "203.0.113.9:1024",
            .want_why = "key, address and clock are right",
            .want_advice = "tecs explain"}),
    [](const auto& each) { return each.param.name; });

TEST(ProbeAnswer, OwnResolverThatLagsIsNamedWhenTheServerAccepts) {
  ProbeExamination examination{"mx.example.net", 25,
                               ProbeRecord{.tuple = tuple_from("198.51.100.7:40213"),
                                           .steps = {},
                                           .outcome = ProbeOutcome::accepted,
                                           .decisive_reply = "235 ok",
                                           .signature = signature_from("198.51.100.7:40213"),
                                           .challenge = {},
                                           .time = now},
                               std::nullopt, PublishedKey{}};
  examination.key->verification.result = Result::pass;
  EXPECT_EQ(answer_of(examination).advice, "");
  examination.key->verification = failed_verification({Reason::no_key, "no"});
  EXPECT_THAT(answer_of(examination).advice, HasSubstr("Look at the resolver of this host"));
}

TEST(ProbeAnswer, WhatTheSignerHidesMayMeanThatItWasMet) {
  for (const ProbeOutcome outcome :
       {ProbeOutcome::not_offered, ProbeOutcome::no_tls, ProbeOutcome::offered}) {
    SCOPED_TRACE(word(outcome));
    const ProbeExamination examination{"mx", 25,
                                       ProbeRecord{.tuple = tuple_from("198.51.100.7:40213"),
                                                   .steps = {},
                                                   .outcome = outcome,
                                                   .decisive_reply = {},
                                                   .signature = {},
                                                   .challenge = {},
                                                   .time = now},
                                       std::nullopt, std::nullopt};
    const std::string advice = answer_of(examination).advice;
    EXPECT_EQ(
        advice.find("(runuser -u tecs -- tecs probe ...), or it meets the signer.") != std::string::npos,
        outcome != ProbeOutcome::offered)
        << advice;
  }
}

TEST(ProbeAnswer, EveryOutcomeHasASentenceAndACode) {
  struct Outcome {
    ProbeOutcome outcome;
    ExitCode want;
  };
  for (const Outcome& row : {
           Outcome{ProbeOutcome::offered, ExitCode::ok},
           Outcome{ProbeOutcome::challenged, ExitCode::ok},
           Outcome{ProbeOutcome::not_offered, ExitCode::failed},
           Outcome{ProbeOutcome::put_off, ExitCode::temporary},
           Outcome{ProbeOutcome::turned_away, ExitCode::failed},
           Outcome{ProbeOutcome::busy, ExitCode::temporary},
           Outcome{ProbeOutcome::no_tls, ExitCode::failed},
           Outcome{ProbeOutcome::tls_failed, ExitCode::failed},
           Outcome{ProbeOutcome::lost, ExitCode::temporary},
           Outcome{ProbeOutcome::not_smtp, ExitCode::failed},
       }) {
    SCOPED_TRACE(word(row.outcome));
    const ProbeExamination examination{
        "mx", 25,
        ProbeRecord{.tuple = tuple_from("198.51.100.7:40213"),
                    .steps = {{"tls", "", {}, "The TLS handshake failed: no."}},
                    .outcome = row.outcome,
                    .decisive_reply = {},
                    .signature = {},
                    .challenge = {},
                    .time = now},
        std::nullopt, std::nullopt};
    EXPECT_TRUE(answer_of(examination).why.ends_with('.'));
    EXPECT_EQ(exit_code_of(row.outcome), row.want);
  }
}

}  // namespace
}  // namespace tecs
