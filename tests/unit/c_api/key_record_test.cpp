#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

Record parse(std::string_view text, Failure& failure) {
  return Record(tecs_key_record_new(text.data(), text.size(), nullptr, failure.place()));
}

TEST(KeyRecord, TellsWhatADomainPublishes) {
  Failure failure;
  const Record rsa = parse(tecs_signing_key_record(key_of("rsa-2048").get()), failure);
  ASSERT_TRUE(rsa) << failure.sentence();
  EXPECT_STREQ(tecs_key_record_type(rsa.get()), "rsa");
  EXPECT_EQ(tecs_key_record_bits(rsa.get()), 2048U);
  EXPECT_EQ(tecs_key_record_revoked(rsa.get()), 0);
  EXPECT_EQ(tecs_key_record_testing(rsa.get()), 0);
  const std::string testing = text(tecs_signing_key_record(key_of("ed25519").get())) + "; t=s:y";
  const Record ed25519 = parse(testing, failure);
  ASSERT_TRUE(ed25519) << failure.sentence();
  EXPECT_STREQ(tecs_key_record_type(ed25519.get()), "ed25519");
  EXPECT_EQ(tecs_key_record_bits(ed25519.get()), 256U);
  EXPECT_EQ(tecs_key_record_testing(ed25519.get()), 1);
}

TEST(KeyRecord, MayBeRevoked) {
  Failure failure;
  const Record record = parse("v=DKIM1; p=", failure);
  ASSERT_TRUE(record) << failure.sentence();
  EXPECT_EQ(tecs_key_record_revoked(record.get()), 1);
  EXPECT_EQ(tecs_key_record_bits(record.get()), 0U);
}

TEST(KeyRecord, RefusesWhatIsNone) {
  for (const std::string_view text : {std::string_view(""), std::string_view("o=~"), std::string_view("p=?"),
                                      std::string_view("p=AA\0AA", 7), std::string_view("\xff\xfe")}) {
    Failure failure;
    EXPECT_FALSE(parse(text, failure));
    EXPECT_EQ(failure.reason(), "bad-key-record");
  }
  Failure failure;
  EXPECT_FALSE(parse(std::string(16'385, ' '), failure));
  EXPECT_EQ(failure.reason(), "key-too-large");
}

TEST(KeyRecord, GoesByTheLimitsOfTheOptions) {
  const Options options(tecs_options_new(nullptr));
  ASSERT_EQ(tecs_options_set(options.get(), "maximum-key-bits", "1024", nullptr), 0);
  const std::string record = tecs_signing_key_record(key_of("rsa-2048").get());
  Failure failure;
  EXPECT_EQ(tecs_key_record_new(record.data(), record.size(), options.get(), failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "key-too-large");
}

}  // namespace
}  // namespace tecs::c_api
