#include "tools/explain.hpp"

#include <nlohmann/json.hpp>

#include "unit/tools/explain_fixture.hpp"
#include "verdicts/verdict_json.hpp"

namespace tecs {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

class Explain : public ExplainTest {};

TEST_F(Explain, JsonIsOneObject) {
  const Verdict made = refused(verdict(key_, 240s), Result::fail, Reason::signature_mismatch);
  const Ran ran = explain(made, {"--json"});
  const auto json = Json::parse(ran.out);
  EXPECT_EQ(*parse_json(json["verdict"].dump()), made);
  EXPECT_EQ(json["signed_octets"]["source"]["octets"], "04c63364079d15");
  EXPECT_EQ(json["signed_octets"]["epoch"]["meaning"], "2007-02-07 00:04:00 UTC");
  EXPECT_EQ(json["key_names"][0]["name"], "_domainkey.jgc.org");
  EXPECT_EQ(json["key_names"][0]["records"][0]["fingerprint"].get<std::string>().size(), 64U);
  EXPECT_EQ(json["verification"]["result"], "pass");
  EXPECT_EQ(json["verification"]["epoch_offset"], 240);
  EXPECT_EQ(json["verification"]["made_with_this_key"], true);
  EXPECT_THAT(json["why"].get<std::string>(), HasSubstr("240 seconds ahead"));
  EXPECT_THAT(json["advice"].get<std::string>(), HasSubstr("NTP"));

  Verdict none;
  none.id = id;
  const auto little = Json::parse(explain(none, {"--json"}).out);
  for (const std::string name : {"signed_octets", "verification", "advice"})
    EXPECT_TRUE(little[name].is_null()) << name;
  EXPECT_TRUE(little["key_names"].empty());
}

TEST_F(Explain, WhateverStandsInTheStoreAndInDnsIsPrintedAsAscii) {
  Verdict hostile = refused(verdict(key_), Result::fail, Reason::signature_mismatch);
  hostile.helo = "\x1b]0;title\x07\xc2\x9b\x7f";
  hostile.client = hostile.server = hostile.receiver = hostile.tls = hostile.helo;
  hostile.reason = hostile.detail = hostile.domain = hostile.selector = hostile.algorithm = hostile.helo;
  hostile.reputation = hostile.reputation_source = hostile.symbols = hostile.action = hostile.mode =
      hostile.helo;
  dns_.insert_or_assign("_domainkey.jgc.org", TxtAnswer{.texts = {"p=\x1b[2J", "\x9b"}, .ttl = {}});
  for (const std::vector<std::string>& form : {std::vector<std::string>{}, {"--json"}}) {
    for (const char character : explain(hostile, form).out)
      EXPECT_TRUE(character == '\n' || (character >= 0x20 && character < 0x7f)) << int{character};
  }
}

TEST_F(Explain, RefusesWhatItCannotExplain) {
  ASSERT_TRUE(open_verdict_store(StoreName::parse(store_).value(), StoreMode::read_write));
  struct Row {
    std::string test;
    std::vector<std::string> arguments;
    ExitCode want_code;
    std::string want;
  };
  for (const Row& row : {
           Row{"no id", {}, ExitCode::usage, "say the id of a verdict"},
           Row{"no such verdict", {id, "--store", store_}, ExitCode::data_error, "there is no verdict " + id},
           Row{"no such verdict, in capitals",
               {"0190163D-8694-739B-AEA5-966C26F8AD90", "--store", store_},
               ExitCode::data_error,
               "there is no verdict " + id},
           Row{"the option's name written out",
               {"--verdict", id, "--store", store_},
               ExitCode::data_error,
               ""},
           Row{"a part of an id",
               {"0190163d", "--store", store_},
               ExitCode::usage,
               "say the id of a verdict"},
           Row{"a long id", {id + "0", "--store", store_}, ExitCode::usage, "say the id of a verdict"},
           Row{"digits without hyphens",
               {std::string(36, '0'), "--store", store_},
               ExitCode::usage,
               "say the id"},
           Row{"another alphabet", {"g" + id.substr(1), "--store", store_}, ExitCode::usage, "say the id"},
           Row{"two ids", {id, id, "--store", store_}, ExitCode::usage, ""},
           Row{"no store", {id, "--store", "sqlite:" + path("x.db")}, ExitCode::no_input, path("x.db")},
           Row{"another kind of store", {id, "--store", "x"}, ExitCode::usage, "--store: "},
       }) {
    SCOPED_TRACE(row.test);
    std::vector<std::string> arguments = row.arguments;
    arguments.insert(arguments.begin(), "explain");
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, row.want_code);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("tecs explain: " + row.want));
  }
}

}  // namespace
}  // namespace tecs
