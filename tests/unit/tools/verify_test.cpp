#include "tools/verify.hpp"

#include <nlohmann/json.hpp>

#include "tecs/base64.hpp"
#include "tecs/key_record.hpp"
#include "tecs/signer.hpp"
#include "unit/tools/case_files.hpp"
#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

class Verify : public CommandTest {
 protected:
  Verify() {
    dns_["_domainkey.jgc.org"] = TxtAnswer{.texts = {format_key_record(key_)}, .ttl = {}, .dnssec = true};
  }

  Ran verify(std::vector<std::string> more) {
    more.insert(more.begin(), {"verify", "--destination", "192.0.2.25:25", "--source", "198.51.100.7:40213"});
    return run(more);
  }

  [[nodiscard]] std::string credential(int seconds_from_now = 0) const {
    const auto tuple =
        ConnectionTuple::make(*Endpoint::parse("192.0.2.25:25"), *Endpoint::parse("198.51.100.7:40213"));
    const auto now =
        std::chrono::floor<std::chrono::seconds>(clock_.now()) + std::chrono::seconds(seconds_from_now);
    return Signer(*Domain::parse("jgc.org"), std::nullopt, key_).sign(*tuple, Epoch::nearest(now))->format();
  }

  const SigningKey key_ = *SigningKey::generate(KeyType::ed25519, 0);
};

ExitCode want_code(const std::string& result) {
  if (result == "pass") return ExitCode::ok;
  return result == "temperror" ? ExitCode::temporary : ExitCode::failed;
}

TEST_F(Verify, SaysWhatTheDataCasesSay) {
  int seen = 0;
  for (const CaseFile& example : case_files()) {
    SCOPED_TRACE(example.name);
    const Ran ran =
        run({"verify", "--destination", example.text("destination"), "--source", example.text("source"),
             "--time", example.number("now"), "--base64",
             encode_base64(octets_of(example.text("credential"))), "--zone", example.zone, "--json"});
    ASSERT_EQ(ran.err, "");
    const auto json = Json::parse(ran.out);
    EXPECT_EQ(json["result"], example.text("result"));
    EXPECT_EQ(json["reason"], example.json.value("reason", Json()));
    EXPECT_EQ(json["epoch_offset"], example.json.value("epoch_offset", Json()));
    EXPECT_EQ(ran.code, want_code(example.text("result")));
    ++seen;
  }
  EXPECT_GE(seen, 13);
  EXPECT_EQ(asked_resolver_, "");
}

TEST_F(Verify, JsonOfAPassHasEveryField) {
  const Ran ran = verify({"--credential", credential(30), "--json"});
  EXPECT_EQ(ran.code, ExitCode::ok);
  EXPECT_EQ(
      ran.out,
      R"({"result":"pass","reason":null,"domain":"jgc.org","selector":null,"algorithm":"ed25519-sha256",)"
      R"("key_bits":256,"dnssec":true,"testing":false,"epoch_offset":30,"detail":"pass"})"
      "\n");
}

TEST_F(Verify, JsonOfWhatCannotBeReadHasNullForWhatIsNotKnown) {
  const Ran ran = verify({"--credential", "hello", "--json"});
  EXPECT_EQ(ran.code, ExitCode::failed);
  const auto json = Json::parse(ran.out);
  EXPECT_EQ(json["result"], "permerror");
  EXPECT_EQ(json["reason"], "bad-credential");
  for (const char* const name : {"domain", "selector", "algorithm", "key_bits", "epoch_offset"}) {
    ASSERT_TRUE(json.contains(name)) << name;
    EXPECT_TRUE(json[name].is_null()) << name;
  }
}

TEST_F(Verify, LinesOfAPass) {
  EXPECT_EQ(verify({"--credential", credential()}).out,
            "result:       pass\n"
            "domain:       jgc.org\n"
            "algorithm:    ed25519-sha256\n"
            "key bits:     256\n"
            "dnssec:       yes\n"
            "testing:      no\n"
            "epoch offset: 0 s\n");
}

TEST_F(Verify, LinesOfAFailure) {
  const Ran ran = verify({"--credential", credential(-90)});
  EXPECT_EQ(ran.code, ExitCode::failed);
  EXPECT_THAT(ran.out, StartsWith("result:       fail\nreason:       signature-mismatch\ndetail:       "));
  EXPECT_THAT(ran.out, HasSubstr("\ndomain:       jgc.org (claimed)\n"));
}

TEST_F(Verify, ADnsFailureIsTemporary) {
  dns_["_domainkey.jgc.org"] = failure(Reason::dns_timeout, "no answer in time");
  const Ran ran = verify({"--credential", credential()});
  EXPECT_EQ(ran.code, ExitCode::temporary);
  EXPECT_THAT(ran.out, StartsWith("result:       temperror\nreason:       dns-timeout\n"));
}

TEST_F(Verify, AsksTheResolverThatIsNamedElseTheSystems) {
  EXPECT_EQ(verify({"--credential", credential()}).code, ExitCode::ok);
  EXPECT_EQ(asked_resolver_, "system");
  EXPECT_EQ(verify({"--credential", credential(), "--resolver", "[::1]:5300"}).code, ExitCode::ok);
  EXPECT_EQ(asked_resolver_, "[::1]:5300");
}

TEST_F(Verify, TakesBase64) {
  EXPECT_EQ(verify({"--base64", encode_base64(octets_of(credential()))}).code, ExitCode::ok);
  const Ran empty = verify({"--base64", "", "--json"});
  EXPECT_EQ(empty.code, ExitCode::failed);
  EXPECT_EQ(Json::parse(empty.out)["result"], "permerror");
  EXPECT_EQ(Json::parse(verify({"--base64", "!", "--json"}).out)["reason"], "bad-base64");
  EXPECT_EQ(Json::parse(verify({"--base64", std::string(20000, 'A'), "--json"}).out)["reason"],
            "credential-too-long");
}

TEST_F(Verify, ATestingDomainIsShown) {
  dns_["_domainkey.jgc.org"] = TxtAnswer{.texts = {format_key_record(key_) + "; t=y"}};
  EXPECT_EQ(Json::parse(verify({"--credential", credential(), "--json"}).out)["testing"], true);
}

TEST_F(Verify, RefusesBadOptions) {
  struct Row {
    std::string name;
    std::vector<std::string> options;
    ExitCode want_code;
    std::string want;
  };
  const std::string broken =
      write("broken.zone", "jgc.org. 60 IN TXT \"fine\"\n\njgc.org. 60 IN NONSENSE x\n");
  for (const Row& row : {
           Row{"no credential", {}, ExitCode::usage, "one of --credential and --base64 is needed\n"},
           Row{"two credentials",
               {"--credential", "x", "--base64", "x"},
               ExitCode::usage,
               "--credential and --base64 exclude each other\n"},
           Row{"two sources",
               {"--credential", "x", "--zone", "x", "--resolver", "192.0.2.53:53"},
               ExitCode::usage,
               "--zone and --resolver exclude each other\n"},
           Row{"resolver without port",
               {"--credential", "x", "--resolver", "192.0.2.53"},
               ExitCode::usage,
               "--resolver: "},
           Row{"resolver by name",
               {"--credential", "x", "--resolver", "localhost:53"},
               ExitCode::usage,
               "--resolver: "},
           Row{"bad time", {"--credential", "x", "--time", "soon"}, ExitCode::usage, "--time: "},
           Row{"no zone file",
               {"--credential", "x", "--zone", path("x.zone")},
               ExitCode::data_error,
               path("x.zone")},
           Row{"bad zone file",
               {"--credential", "x", "--zone", broken},
               ExitCode::data_error,
               broken + ":3: "},
       }) {
    SCOPED_TRACE(row.name);
    const Ran ran = verify(row.options);
    EXPECT_EQ(ran.code, row.want_code);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs verify: " + row.want));
  }
}

}  // namespace
}  // namespace tecs
