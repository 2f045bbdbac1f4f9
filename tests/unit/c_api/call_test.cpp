#include <array>
#include <functional>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

// What is missing, and how the call ends: all of them with bad-option and a sentence that names it.
struct Row {
  const char* name;
  std::function<bool(tecs_error**)> fails;
  std::string want_sentence;
};

class MissingArgument : public testing::TestWithParam<Row> {};

TEST_P(MissingArgument, IsAnError) {
  const Row& row = GetParam();
  Failure failure;
  EXPECT_TRUE(row.fails(failure.place()));
  EXPECT_EQ(failure.reason(), "bad-option");
  EXPECT_EQ(failure.sentence(), row.want_sentence);
  EXPECT_TRUE(row.fails(nullptr)) << "who wants no error still sees the failure";
}

tecs_endpoint some_endpoint{};
tecs_tuple some_tuple{};
std::int64_t some_time = noon;
std::array<char, TECS_CHALLENGE_SIZE> some_text{};
constexpr const char* credential = "ZD1leGFtcGxlLm9yZw==";

tecs_verification* verify_with(const tecs_verifier* verifier, const char* octets,
                               const tecs_tuple* candidates, tecs_key_source* source, tecs_error** error) {
  return tecs_verifier_verify(verifier, octets, 20, TECS_BASE64, candidates, 1, noon, source, error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, MissingArgument,
    testing::Values(
        Row{"text_of_endpoint", [](auto e) { return tecs_endpoint_parse(nullptr, &some_endpoint, e) == -1; },
            "text is NULL"},
        Row{"place_of_endpoint", [](auto e) { return tecs_endpoint_parse("192.0.2.1:25", nullptr, e) == -1; },
            "endpoint is NULL"},
        Row{"sockaddr",
            [](auto e) { return tecs_endpoint_from_sockaddr(nullptr, 16, &some_endpoint, e) == -1; },
            "address is NULL"},
        Row{"endpoint_to_format",
            [](auto e) { return tecs_endpoint_format(nullptr, some_text.data(), e) == -1; },
            "endpoint is NULL"},
        Row{"room_to_format", [](auto e) { return tecs_endpoint_format(&some_endpoint, nullptr, e) == -1; },
            "text is NULL"},
        Row{"pem", [](auto e) { return tecs_signing_key_new(nullptr, 1, e) == nullptr; }, "pem is NULL"},
        Row{"path", [](auto e) { return tecs_signing_key_new_from_file(nullptr, e) == nullptr; },
            "path is NULL"},
        Row{"domain",
            [](auto e) { return tecs_signer_new(nullptr, nullptr, key_of("ed25519").get(), e) == nullptr; },
            "domain is NULL"},
        Row{"key", [](auto e) { return tecs_signer_new("example.org", nullptr, nullptr, e) == nullptr; },
            "key is NULL"},
        Row{"signer", [](auto e) { return tecs_signer_sign(nullptr, &some_tuple, noon, e) == nullptr; },
            "signer is NULL"},
        Row{"tuple_to_sign",
            [](auto e) {
              const Signer signer(tecs_signer_new("example.org", nullptr, key_of("ed25519").get(), nullptr));
              return tecs_signer_sign(signer.get(), nullptr, noon, e) == nullptr;
            },
            "tuple is NULL"},
        Row{"challenge",
            [](auto e) {
              tecs_tuple connection = tuple();
              return tecs_challenge_use(nullptr, 1, TECS_BASE64, 0, &connection, &some_time, e) == -1;
            },
            "challenge is NULL"},
        Row{"tuple_of_challenge",
            [](auto e) { return tecs_challenge_use("", 0, TECS_BASE64, 0, nullptr, &some_time, e) == -1; },
            "tuple is NULL"},
        Row{"time_of_challenge",
            [](auto e) { return tecs_challenge_use("", 0, TECS_BASE64, 0, &some_tuple, nullptr, e) == -1; },
            "time is NULL"},
        Row{"client_of_challenge",
            [](auto e) {
              return tecs_challenge_format(nullptr, noon, TECS_BASE64, some_text.data(), e) == -1;
            },
            "client is NULL"},
        Row{"room_for_challenge",
            [](auto e) { return tecs_challenge_format(&some_endpoint, noon, TECS_BASE64, nullptr, e) == -1; },
            "text is NULL"},
        Row{"options", [](auto e) { return tecs_options_set(nullptr, "resolver", "127.0.0.1:53", e) == -1; },
            "options is NULL"},
        Row{"name_of_option",
            [](auto e) {
              return tecs_options_set(Options(tecs_options_new(nullptr)).get(), nullptr, "1", e) == -1;
            },
            "name is NULL"},
        Row{"value_of_option",
            [](auto e) {
              return tecs_options_set(Options(tecs_options_new(nullptr)).get(), "resolver", nullptr, e) == -1;
            },
            "value is NULL"},
        Row{"lookup",
            [](auto e) { return tecs_key_source_new_lookup(nullptr, nullptr, nullptr, e) == nullptr; },
            "lookup is NULL"},
        Row{"key_record", [](auto e) { return tecs_key_record_new(nullptr, 1, nullptr, e) == nullptr; },
            "text is NULL"},
        Row{"verifier",
            [](auto e) {
              Zone zone;
              return verify_with(nullptr, credential, &some_tuple, source_of(zone).get(), e) == nullptr;
            },
            "verifier is NULL"},
        Row{"credential",
            [](auto e) {
              Zone zone;
              const Verifier verifier(tecs_verifier_new(nullptr, nullptr));
              return verify_with(verifier.get(), nullptr, &some_tuple, source_of(zone).get(), e) == nullptr;
            },
            "credential is NULL"},
        Row{"candidates",
            [](auto e) {
              Zone zone;
              const Verifier verifier(tecs_verifier_new(nullptr, nullptr));
              return verify_with(verifier.get(), credential, nullptr, source_of(zone).get(), e) == nullptr;
            },
            "candidates is NULL"},
        Row{"source",
            [](auto e) {
              const Verifier verifier(tecs_verifier_new(nullptr, nullptr));
              return verify_with(verifier.get(), credential, &some_tuple, nullptr, e) == nullptr;
            },
            "source is NULL"}),
    [](const auto& row) { return row.param.name; });

TEST(Call, ThatDoesNotFailWritesNoError) {
  tecs_error* const earlier = reinterpret_cast<tecs_error*>(&some_tuple);  // never looked at
  tecs_error* error = earlier;
  tecs_endpoint endpoint{};
  EXPECT_EQ(tecs_endpoint_parse("192.0.2.1:25", &endpoint, &error), 0);
  EXPECT_EQ(error, nullptr);
  error = earlier;
  const Options options(tecs_options_new(&error));
  EXPECT_TRUE(options);
  EXPECT_EQ(error, nullptr);
}

TEST(Call, NullIsFreedWithoutEffect) {
  tecs_error_free(nullptr);
  tecs_signing_key_free(nullptr);
  tecs_signer_free(nullptr);
  tecs_credential_free(nullptr);
  tecs_options_free(nullptr);
  tecs_key_source_free(nullptr);
  tecs_key_record_free(nullptr);
  tecs_verifier_free(nullptr);
  tecs_verification_free(nullptr);
}

TEST(Call, NullHasNothingToTell) {
  EXPECT_EQ(tecs_error_reason(nullptr), nullptr);
  EXPECT_EQ(tecs_error_sentence(nullptr), nullptr);
  EXPECT_EQ(tecs_signing_key_record(nullptr), nullptr);
  EXPECT_EQ(tecs_credential_initial_response(nullptr), nullptr);
  EXPECT_EQ(tecs_credential_response(nullptr, TECS_BASE64), nullptr);
  EXPECT_EQ(tecs_credential_short(nullptr, TECS_BASE64), nullptr);
  EXPECT_EQ(tecs_key_record_type(nullptr), nullptr);
  EXPECT_EQ(tecs_key_record_bits(nullptr), 0U);
  EXPECT_EQ(tecs_key_record_revoked(nullptr), 0);
  EXPECT_EQ(tecs_key_record_testing(nullptr), 0);
  EXPECT_EQ(tecs_verification_result(nullptr), TECS_RESULT_NONE);
  EXPECT_EQ(tecs_verification_result_word(nullptr), nullptr);
  EXPECT_EQ(tecs_verification_reason(nullptr), nullptr);
  EXPECT_EQ(tecs_verification_sentence(nullptr), nullptr);
  EXPECT_EQ(tecs_verification_domain(nullptr), nullptr);
  EXPECT_EQ(tecs_verification_selector(nullptr), nullptr);
  EXPECT_EQ(tecs_verification_algorithm(nullptr), nullptr);
  EXPECT_EQ(tecs_verification_key_bits(nullptr), 0U);
  EXPECT_EQ(tecs_verification_dnssec(nullptr), 0);
  EXPECT_EQ(tecs_verification_testing(nullptr), 0);
  EXPECT_EQ(tecs_verification_candidate(nullptr), -1);
  EXPECT_EQ(tecs_verification_epoch_offset(nullptr), 0);
  EXPECT_EQ(tecs_verification_replay_key(nullptr), nullptr);
  EXPECT_EQ(tecs_verification_replay_expiry(nullptr), 0);
  tecs_txt_answer_add(nullptr, "p=", 2);
  tecs_txt_answer_append(nullptr, "p=", 2);
  tecs_txt_answer_set_ttl(nullptr, 1);
  tecs_txt_answer_set_dnssec(nullptr, 1);
}

TEST(Call, BoundsALengthBeforeItReads) {
  Failure failure;
  EXPECT_EQ(tecs_key_record_new("p=", static_cast<std::size_t>(-1) / 4, nullptr, failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "key-too-large");
}

TEST(Version, IsThatOfTheHeader) {
  EXPECT_STREQ(tecs_version(), TECS_VERSION);
  EXPECT_EQ(std::string(TECS_VERSION), std::to_string(TECS_VERSION_MAJOR) + "." +
                                           std::to_string(TECS_VERSION_MINOR) + "." +
                                           std::to_string(TECS_VERSION_PATCH));
}

}  // namespace
}  // namespace tecs::c_api
