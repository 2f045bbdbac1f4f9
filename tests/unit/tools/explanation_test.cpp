#include "tools/explanation.hpp"

#include <nlohmann/json.hpp>

#include "unit/tools/explain_fixture.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

class Explanation : public ExplainTest {};

TEST_F(Explanation, ShowsAllThatLedToTheResult) {
  Verdict made = passed(verdict(key_));
  made.tls = "TLSv1.3";
  made.key_bits = 1024;
  made.dnssec = true;
  made.reputation = "bad";
  made.reputation_source = "dns:rep.example.net";
  made.score = 5.3;
  made.symbols = "TECS_PASS,REP_BAD,TECS_WEAK_KEY,TECS_DNSSEC";
  made.action = "reject";
  made.mode = "enforce";
  const Ran ran = explain(made);
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(asked_resolver_, "system");
  for (const std::string& part : {
           "verdict:      " + id + "\n",
           std::string("time:         2007-02-07T00:00:10.000Z\n"),
           std::string("client:       198.51.100.7:40213\n"),
           std::string("helo:         mail.jgc.org\n"),
           std::string("result:       pass\n"),
           std::string("domain:       jgc.org\n"),
           std::string("key then:     1024 bits, dnssec yes\n"),
           std::string("epoch offset: 0 s\n"),
           std::string("  decoded:    a=rsa-sha256; q=dns; d=jgc.org; b="),
           std::string("with the epoch that fits:\n  prefix       544543532d3100"),
           std::string("  destination  04c00002190019  192.0.2.25:25\n"),
           std::string("  source       04c63364079d15  198.51.100.7:40213\n"),
           std::string("  epoch        0000000045c91680  2007-02-07 00:00:00 UTC\n"),
           std::string("_domainkey.jgc.org: 1 TXT record, ttl 0 s, dnssec yes\n"),
           std::string("  SHA-256 of p=: "),
           std::string("With that key: the signature fits, with an epoch 0 s from the receiver's\n"),
           std::string("reputation:   bad (dns:rep.example.net)\n"),
           std::string("symbols:      TECS_PASS,REP_BAD,TECS_WEAK_KEY,TECS_DNSSEC\n"),
           std::string("score:        5.3\n"),
           std::string("action:       reject, mode enforce\n"),
       })
    EXPECT_THAT(ran.out, HasSubstr(part));
  EXPECT_THAT(
      ran.out,
      EndsWith(
          "\nWhy: The signature is right: jgc.org answers for this connection; the mail was rejected for "
          "its score.\n"
          "What to do: The reputation 'bad' comes from dns:rep.example.net, and is to be mended there; a "
          "file: source named before it in the configuration overrules it.\n"));
}

TEST_F(Explanation, UsesTheEpochThatMatched) {
  const Ran ran = explain(passed(verdict(key_, -30s), -30s));
  EXPECT_THAT(ran.out, HasSubstr("  epoch        0000000045c91662  2007-02-06 23:59:30 UTC\n"));
  EXPECT_THAT(ran.out, HasSubstr("the signature fits, with an epoch -30 s from the receiver's\n"));
}

TEST_F(Explanation, AConnectionWithoutASignatureNeedsNoDns) {
  Verdict made = verdict(key_);
  made.result = Result::none;
  made.domain = made.algorithm = made.credential = "";
  made.epoch.reset();
  dns_.clear();
  const Ran ran = explain(made);
  EXPECT_THAT(ran.out,
              EndsWith("\nWhy: The client did not sign, so no domain answers for this connection.\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("octets")));
  EXPECT_THAT(ran.out, Not(HasSubstr("DNS")));
}

TEST_F(Explanation, SaysWhatItCannotKnow) {
  Verdict no_port = refused(verdict(key_), Result::temperror, Reason::unknown_connection);
  no_port.server = "192.0.2.25";
  EXPECT_THAT(explain(no_port).out,
              HasSubstr("\nThe signed octets are not known: the verdict lacks an end point or its port.\n"));
  Verdict former = refused(verdict(key_), Result::fail, Reason::replay);
  former.epoch.reset();
  EXPECT_THAT(explain(former).out, HasSubstr("the signature fits, with an epoch 0 s from the receiver's\n"));
  dns_.insert_or_assign("_domainkey.jgc.org", failure(Reason::dns_timeout, "nobody answers"));
  const Ran dead = explain(passed(verdict(key_)));
  EXPECT_EQ(dead.code, ExitCode::ok);
  EXPECT_THAT(dead.out, HasSubstr("_domainkey.jgc.org: no answer\n"));
  EXPECT_THAT(dead.out, HasSubstr("\nWith that key: temperror: nobody answers\n"));
  Verdict newer = passed(verdict(key_));
  newer.result = Result::policy;
  newer.reason = "a-word-of-the-future";
  newer.detail = "the moon is full";
  EXPECT_THAT(why(newer), StartsWith("AUTH was refused with policy, as the moon is full."));
}

TEST_F(Explanation, ShowsTheKeyThatWasKept) {
  const Verdict made = kept(passed(verdict(key_)), key_);
  const std::string print = key_fingerprint(made.key_record);
  const std::string shown =
      "\nThe key as kept with the verdict: rsa, 1024 bits\n  SHA-256 of p=: " + print + "\n";
  const std::string fits = "\nWith that key: the signature fits, with an epoch 0 s from the receiver's\n";
  EXPECT_THAT(explain(made).out, HasSubstr(shown + "  It is the one that DNS has now.\n" + fits));
  EXPECT_THAT(explain(passed(verdict(key_))).out, Not(HasSubstr("kept with")));

  publish(other_key_);
  const Ran changed = explain(made);
  EXPECT_THAT(changed.out, HasSubstr("\nWith that key: fail: "));
  EXPECT_THAT(changed.out,
              HasSubstr(shown + "  The key was changed since: DNS has another one now.\n" + fits));
  EXPECT_THAT(changed.out, HasSubstr("with the epoch that fits:\n"));

  dns_.clear();
  EXPECT_THAT(explain(made).out,
              HasSubstr(shown + "  The key was changed since: DNS has none now that can be used.\n" + fits));
  dns_.insert_or_assign("_domainkey.jgc.org", failure(Reason::dns_timeout, "nobody answers"));
  EXPECT_THAT(explain(made).out, HasSubstr(shown + fits));
}

// Folded, or with the tags that a verifier needs, it is still that key.
TEST_F(Explanation, AKeyIsNoOtherForBeingWrittenInAnotherWay) {
  const Verdict made = kept(passed(verdict(key_)), key_);
  std::string folded = "v=DKIM1; t=s; n=moved; " + made.key_record;
  folded.insert(folded.size() - 20, " ");
  dns_.insert_or_assign("_domainkey.jgc.org", TxtAnswer{.texts = {folded}, .ttl = {}});
  EXPECT_THAT(explain(made).out, HasSubstr("  It is the one that DNS has now.\n"));
}

TEST_F(Explanation, TheKeptKeyInJson) {
  publish(other_key_);
  const Verdict made = kept(passed(verdict(key_)), key_);
  const auto json = Json::parse(explain(made, {"--json"}).out);
  EXPECT_EQ(json["verification"]["result"], "fail");
  EXPECT_EQ(json["kept_key"]["fingerprint"], key_fingerprint(made.key_record));
  EXPECT_EQ(json["kept_key"]["stands_in_dns"], false);
  EXPECT_EQ(json["kept_key"]["verification"]["result"], "pass");
  EXPECT_EQ(json["kept_key"]["verification"]["epoch_offset"], 0);
  EXPECT_EQ(json["verification"]["made_with_this_key"], false);
  EXPECT_EQ(json["kept_key"]["verification"]["made_with_kept_key"], true);
  EXPECT_FALSE(json["kept_key"]["verification"].contains("made_with_this_key"));

  for (const std::string record : {"", "p=", "k=rsa; p=QUJD", "a stranger's \x1b"}) {
    Verdict unusable = made;
    unusable.key_record = record;
    EXPECT_TRUE(Json::parse(explain(unusable, {"--json"}).out)["kept_key"].is_null()) << record;
  }
}

TEST_F(Explanation, TheFingerprintIsOfTheKeysOctets) {
  // printf 'a1b2' | base64 -d | sha256sum
  dns_.insert_or_assign("_domainkey.jgc.org",
                        TxtAnswer{.texts = {"k=rsa; p=a1 b2", "p=", "p=?", "spf"}, .ttl = {}});
  const Ran ran = explain(passed(verdict(key_)), {"--json"});
  const auto records = Json::parse(ran.out)["key_names"][0]["records"];
  EXPECT_EQ(records[0]["fingerprint"], "00cbcb8900c832057e70c44c58a04f73f351493f20b0f7437b2d63e9a7b8a0c8");
  for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(records[i]["fingerprint"].is_null()) << i;
}

}  // namespace
}  // namespace tecs
