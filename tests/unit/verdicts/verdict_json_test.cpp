#include "verdicts/verdict_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "unit/verdicts/verdict_samples.hpp"

namespace tecs {
namespace {

constexpr std::string_view full_json =
    R"({"id":"0190163d-8694-739b-aea5-966c26f8ad90","time":"2026-01-01T00:00:00.789Z","receiver":"mx.example.net",)"
    R"("server":"[2001:db8::25]:25","client":"[2001:db8::7]:40213",)"
    R"("client_network":"2001:db8::/48","helo":"mail.jgc.org","tls":"TLSv1.3",)"
    R"("result":"fail","reason":"signature-mismatch","detail":"the signature is not by the key of jgc.org",)"
    R"("domain":"mail.jgc.org","organizational_domain":"jgc.org","selector":"sel","algorithm":"rsa-sha256",)"
    R"("key_bits":2048,"dnssec":true,"testing":true,"epoch":1767225600,"epoch_offset":-30,)"
    R"("credential":"YT1yc2Etc2hhMjU2OyBkPWpnYy5vcmc7IGI9QUFBQQ==","key_record":"k=rsa; p=MIIBIjANBgkqhkiG9w0B",)"
    R"("reputation":"bad","reputation_source":"dns:rep.example.net",)"
    R"("score":10.2,"symbols":"TECS_FAIL,REP_BAD","action":"reject","mode":"monitor",)"
    R"("messages":2,"recipients":3,"bytes":5000000000,)"
    R"("duration":1234567,"dns_time":2345,"verification_time":18})";

// The object with one member replaced, or removed when the value is "discarded".
std::string with(std::string_view name, const nlohmann::ordered_json& value) {
  auto object = nlohmann::ordered_json::parse(full_json);
  if (value.is_discarded()) {
    object.erase(std::string(name));
  } else {
    object[std::string(name)] = value;
  }
  return object.dump();
}

const nlohmann::ordered_json removed(nlohmann::detail::value_t::discarded);

TEST(VerdictJson, IsOneObjectInTheOrderOfTheFields) {
  EXPECT_EQ(format_json(test::full_verdict()), full_json);
}

TEST(VerdictJson, ComesBackAsItWas) {
  for (const Verdict& verdict : {test::full_verdict(), Verdict{}}) {
    const auto back = parse_json(format_json(verdict));
    ASSERT_TRUE(back) << back.error().sentence;
    EXPECT_EQ(*back, verdict);
  }
}

TEST(VerdictJson, WhatIsAbsentIsNull) {
  const std::string json = format_json(Verdict{});
  EXPECT_NE(json.find(R"("epoch":null,"epoch_offset":null,)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("score":null,)"), std::string::npos) << json;
}

TEST(VerdictJson, AScoreMayBeAWholeNumber) {
  for (const auto& [number, want] : {std::pair<nlohmann::ordered_json, double>{4, 4}, {-5.2, -5.2}}) {
    const auto verdict = parse_json(with("score", number));
    ASSERT_TRUE(verdict) << verdict.error().sentence;
    EXPECT_EQ(verdict->score, want);
  }
}

TEST(VerdictJson, ReplacesOctetsThatAreNotUtf8) {
  Verdict verdict = test::full_verdict();
  verdict.helo = "a\xff\"\n\x1b";
  const std::string json = format_json(verdict);
  EXPECT_NE(json.find("\"helo\":\"a\xef\xbf\xbd\\\"\\n\\u001b\""), std::string::npos) << json;
}

TEST(VerdictJson, PassesOverNamesThatItDoesNotKnow) {
  const auto verdict = parse_json(with("colour", 4.5));
  ASSERT_TRUE(verdict) << verdict.error().sentence;
  EXPECT_EQ(*verdict, test::full_verdict());
}

TEST(VerdictJson, TakesWhatIsNotThereAsNotKnown) {
  const auto verdict = parse_json(R"({"id":"x","time":"2026-01-01T00:00:00.789Z","result":"none"})");
  ASSERT_TRUE(verdict) << verdict.error().sentence;
  Verdict want;
  want.id = "x";
  want.time = test::full_verdict().time;
  EXPECT_EQ(*verdict, want);
}

TEST(VerdictJson, RefusesWhatIsNoVerdict) {
  struct Row {
    std::string_view name;
    std::string text;
    std::string_view want;
  };
  for (const Row& row : {
           Row{"nothing", "", "one JSON object"},
           Row{"cut short", std::string(full_json.substr(0, 100)), "one JSON object"},
           Row{"an array", "[]", "one JSON object"},
           Row{"two objects", std::string(full_json) + std::string(full_json), "one JSON object"},
           Row{"deeply nested", std::string(100'000, '['), "one JSON object"},
           Row{"not UTF-8", "{\"id\":\"\xff\"}", "one JSON object"},
           Row{"no id", with("id", removed), "id is missing"},
           Row{"no time", with("time", removed), "time is missing"},
           Row{"no result", with("result", removed), "result is missing"},
           Row{"id is a number", with("id", 5), "id is not"},
           Row{"time is a number", with("time", 5), "time is not"},
           Row{"time is no time", with("time", "yesterday"), "time is not"},
           Row{"result is no result", with("result", "passed"), "result is not"},
           Row{"text is null", with("helo", nullptr), "helo is not"},
           Row{"boolean is a number", with("dnssec", 1), "dnssec is not"},
           Row{"number is a text", with("key_bits", "2048"), "key_bits is not"},
           Row{"number is a fraction", with("key_bits", 2048.5), "key_bits is not"},
           Row{"epoch is a fraction", with("epoch", 1.5), "epoch is not"},
           Row{"score is a text", with("score", "4.5"), "score is not"},
           Row{"number is negative", with("messages", -1), "messages is not"},
           Row{"number is too large", with("messages", 4294967296), "messages is not"},
           Row{"number is beyond int64", with("bytes", 18446744073709551615U), "bytes is not"},
       }) {
    const auto verdict = parse_json(row.text);
    ASSERT_FALSE(verdict) << row.name;
    EXPECT_EQ(verdict.error().reason, Reason::protocol_error) << row.name;
    EXPECT_NE(verdict.error().sentence.find(row.want), std::string::npos)
        << row.name << ": " << verdict.error().sentence;
  }
}

}  // namespace
}  // namespace tecs
