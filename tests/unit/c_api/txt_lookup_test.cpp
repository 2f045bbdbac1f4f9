#include <thread>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

std::string response_of(const std::string& key, const char* selector = nullptr) {
  return tecs_credential_response(sign(key, tuple(), noon, selector).get(), TECS_BASE64);
}

// The reason that a verification with this zone ends with; "" for a pass.
std::string reason_with(Zone& zone, const std::string& key = "ed25519") {
  const Source source = source_of(zone);
  return text(tecs_verification_reason(verify(response_of(key), source.get()).get()));
}

TEST(TxtLookup, IsAskedForTheNamesOfTheProtocolInOrder) {
  Zone zone;
  EXPECT_EQ(reason_with(zone), "no-key");
  EXPECT_EQ(zone.asked, (std::vector<std::string>{"_domainkey.example.org", "_tecs.example.org"}));
}

TEST(TxtLookup, IsAskedForTheSelectorAlone) {
  Zone zone;
  const Source source = source_of(zone);
  EXPECT_STREQ(tecs_verification_reason(verify(response_of("ed25519", "mail"), source.get()).get()),
               "no-key");
  EXPECT_EQ(zone.asked, (std::vector<std::string>{"mail._domainkey.example.org"}));
}

TEST(TxtLookup, IsNotAskedForWhatCannotBeRead) {
  Zone zone;
  const Source source = source_of(zone);
  EXPECT_STREQ(tecs_verification_reason(verify("not base64", source.get()).get()), "bad-base64");
  EXPECT_TRUE(zone.asked.empty());
}

TEST(TxtLookup, MayFailForNow) {
  struct Row {
    int outcome;
    const char* want_reason;
  };
  for (const Row& row : {Row{TECS_LOOKUP_TIMEOUT, "dns-timeout"}, Row{TECS_LOOKUP_ERROR, "dns-error"},
                         Row{-1, "dns-error"}, Row{77, "dns-error"}}) {
    Zone zone = zone_of("ed25519");
    zone.outcome = row.outcome;
    EXPECT_EQ(reason_with(zone), row.want_reason);
    EXPECT_EQ(zone.asked.size(), 1U) << "a failure does not lead to the next name";
  }
}

TEST(TxtLookup, MayFindOtherTextsBesideTheKey) {
  Zone zone = zone_of("ed25519");
  zone.texts["_domainkey.example.org"].insert(zone.texts["_domainkey.example.org"].begin(),
                                              "o=~; r=x@y.example");
  zone.texts["_domainkey.example.org"].emplace_back("");
  EXPECT_EQ(reason_with(zone), "");
  zone.texts["_domainkey.example.org"].emplace_back("p=");
  EXPECT_EQ(reason_with(zone), "several-keys");
}

TEST(TxtLookup, MayFindWhateverStrangersPublish) {
  struct Row {
    std::vector<std::string> texts;
    const char* want_reason;
  };
  for (const Row& row :
       {Row{{std::string("p=\0\xff;p=", 7)}, "bad-key-record"}, Row{{"k=rsa; p=AAAA"}, "bad-key-record"},
        Row{{"p="}, "key-revoked"}, Row{{std::string(100'000, 'x')}, "key-too-large"},
        Row{std::vector<std::string>(100'000), "no-key"},
        Row{std::vector<std::string>(300, std::string(255, 'x')), "key-too-large"}}) {
    Zone zone;
    zone.texts["_domainkey.example.org"] = row.texts;
    EXPECT_EQ(reason_with(zone), row.want_reason);
  }
}

TEST(TxtLookup, MayHaveTheStringsOfARecordApart) {
  struct InPieces {
    static int lookup(void* context, const char*, tecs_txt_answer* answer) {
      const auto& record = *static_cast<const std::string*>(context);
      tecs_txt_answer_add(answer, nullptr, 0);
      for (const char& octet : record) tecs_txt_answer_append(answer, &octet, 1);
      return TECS_LOOKUP_DONE;
    }
  };
  std::string record = tecs_signing_key_record(key_of("ed25519").get());
  const Source source(tecs_key_source_new_lookup(InPieces::lookup, &record, nullptr, nullptr));
  EXPECT_EQ(tecs_verification_result(verify(response_of("ed25519"), source.get()).get()), TECS_RESULT_PASS);
}

TEST(TxtLookup, WithoutOctetsWhereThereShouldBeSomeIsAFailure) {
  struct Broken {
    static int lookup(void*, const char*, tecs_txt_answer* answer) {
      tecs_txt_answer_add(answer, nullptr, 3);
      return TECS_LOOKUP_DONE;
    }
  };
  const Source source(tecs_key_source_new_lookup(Broken::lookup, nullptr, nullptr, nullptr));
  EXPECT_STREQ(tecs_verification_reason(verify(response_of("ed25519"), source.get()).get()), "dns-error");
}

TEST(TxtLookup, ThatThrowsIsSaidToHaveThrown) {
  struct Throwing {
    static int lookup(void*, const char*, tecs_txt_answer*) { throw 1; }
  };
  const Source source(tecs_key_source_new_lookup(Throwing::lookup, nullptr, nullptr, nullptr));
  const Verification verification = verify(response_of("ed25519"), source.get());
  EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_TEMPERROR);
  EXPECT_NE(text(tecs_verification_sentence(verification.get())).find("the look-up function threw"),
            std::string::npos)
      << tecs_verification_sentence(verification.get());
}

TEST(TxtLookup, IsAskedAgainUnlessItGaveTheAnswerTime) {
  Zone zone = zone_of("ed25519");
  const Source source = source_of(zone);
  const std::string response = response_of("ed25519");
  const auto verified = [&] { return tecs_verification_result(verify(response, source.get()).get()); };
  EXPECT_EQ(verified(), TECS_RESULT_PASS);
  EXPECT_EQ(verified(), TECS_RESULT_PASS);
  EXPECT_EQ(zone.asked.size(), 2U);
  zone.ttl = 3600;
  EXPECT_EQ(verified(), TECS_RESULT_PASS);
  EXPECT_EQ(verified(), TECS_RESULT_PASS);
  EXPECT_EQ(zone.asked.size(), 3U);
}

// What an MTA that must not block relies on.
TEST(TxtLookup, IsAskedAgainAtOnceWhenThereWasNoAnswerYet) {
  Zone zone = zone_of("ed25519");
  zone.ttl = 3600;
  zone.outcome = TECS_LOOKUP_TIMEOUT;
  const Source source = source_of(zone);
  const std::string response = response_of("ed25519");
  EXPECT_EQ(tecs_verification_result(verify(response, source.get()).get()), TECS_RESULT_TEMPERROR);
  zone.outcome = TECS_LOOKUP_DONE;
  EXPECT_EQ(tecs_verification_result(verify(response, source.get()).get()), TECS_RESULT_PASS);
}

TEST(TxtLookup, IsCalledInTheThreadThatVerifies) {
  struct Whose {
    static int lookup(void* context, const char*, tecs_txt_answer*) {
      *static_cast<std::thread::id*>(context) = std::this_thread::get_id();
      return TECS_LOOKUP_DONE;
    }
  };
  std::thread::id asked;
  const Source source(tecs_key_source_new_lookup(Whose::lookup, &asked, nullptr, nullptr));
  std::thread([&] {
    static_cast<void>(verify(response_of("ed25519"), source.get()));
    EXPECT_EQ(asked, std::this_thread::get_id());
  }).join();
}

}  // namespace
}  // namespace tecs::c_api
