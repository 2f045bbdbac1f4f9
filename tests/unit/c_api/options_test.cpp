#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

struct Row {
  const char* name;
  const char* option;
  const char* value;
  std::string want_sentence;  // empty: taken
};

class OptionTable : public testing::TestWithParam<Row> {};

TEST_P(OptionTable, TakesWhatIsOne) {
  const Row& row = GetParam();
  const Options options(tecs_options_new(nullptr));
  Failure failure;
  const int status = tecs_options_set(options.get(), row.option, row.value, failure.place());
  EXPECT_EQ(status, row.want_sentence.empty() ? 0 : -1);
  EXPECT_EQ(failure.sentence(), row.want_sentence);
  EXPECT_EQ(failure.reason(), row.want_sentence.empty() ? "" : "bad-option");
}

const std::string no_time = "dns-timeout: not a time from 1ms to 4s, such as 500ms or 2s";

INSTANTIATE_TEST_SUITE_P(
    Table, OptionTable,
    testing::Values(
        Row{"tolerance", "epoch-tolerance", "20", ""}, Row{"no_tolerance", "epoch-tolerance", "0", ""},
        Row{"too_tolerant", "epoch-tolerance", "21", "epoch-tolerance: not a number from 0 to 20"},
        Row{"sign", "epoch-tolerance", "-1", "epoch-tolerance: not a number from 0 to 20"},
        Row{"blank", "epoch-tolerance", " 1", "epoch-tolerance: not a number from 0 to 20"},
        Row{"empty", "epoch-tolerance", "", "epoch-tolerance: not a number from 0 to 20"},
        Row{"shortest_key", "minimum-key-bits", "2048", ""},
        Row{"shorter_key", "minimum-key-bits", "1023", "minimum-key-bits: not a number from 1024 to 4096"},
        Row{"longest_key", "maximum-key-bits", "16384", ""},
        Row{"longer_key", "maximum-key-bits", "16385", "maximum-key-bits: not a number from 1024 to 16384"},
        Row{"yes", "require-dnssec", "yes", ""}, Row{"no", "require-dnssec", "no", ""},
        Row{"true", "require-dnssec", "true", "require-dnssec: neither yes nor no"},
        Row{"resolver", "resolver", "127.0.0.1:53", ""}, Row{"resolver_ipv6", "resolver", "[::1]:5353", ""},
        Row{"resolver_name", "resolver", "localhost:53", "resolver: not an IPv4 or IPv6 address"},
        Row{"milliseconds", "dns-timeout", "1ms", ""}, Row{"most_milliseconds", "dns-timeout", "4000ms", ""},
        Row{"seconds", "dns-timeout", "4s", ""}, Row{"more_seconds", "dns-timeout", "5s", no_time},
        Row{"more_milliseconds", "dns-timeout", "4001ms", no_time},
        Row{"at_once", "dns-timeout", "0s", no_time}, Row{"no_unit", "dns-timeout", "2", no_time},
        Row{"unit_alone", "dns-timeout", "ms", no_time}, Row{"cache", "key-cache-size", "0", ""},
        Row{"large_cache", "key-cache-size", "10000000", ""},
        Row{"overflow", "key-cache-size", "4294967296", "key-cache-size: not a number from 0 to 10000000"},
        Row{"unknown", "epoch", "1", "there is no option epoch"},
        Row{"unprintable", "\x1b[2J", "1", "there is no option \\x1B[2J"}),
    [](const auto& row) { return row.param.name; });

TEST(Options, OfAVerifierStayWhenTheyAreSetAgain) {
  const Options options(tecs_options_new(nullptr));
  ASSERT_EQ(tecs_options_set(options.get(), "epoch-tolerance", "0", nullptr), 0);
  const Verifier verifier(tecs_verifier_new(options.get(), nullptr));
  ASSERT_EQ(tecs_options_set(options.get(), "epoch-tolerance", "2", nullptr), 0);

  Zone zone = zone_of("ed25519");
  const Source source = source_of(zone);
  const Credential credential = sign("ed25519");
  const std::string response = tecs_credential_response(credential.get(), TECS_BASE64);
  const tecs_tuple connection = tuple();
  const Verification verification(tecs_verifier_verify(verifier.get(), response.data(), response.size(),
                                                       TECS_BASE64, &connection, 1, noon + 30, source.get(),
                                                       nullptr));
  EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_FAIL);
}

TEST(Options, ThatContradictEachOtherMakeNothing) {
  const Options options(tecs_options_new(nullptr));
  ASSERT_EQ(tecs_options_set(options.get(), "minimum-key-bits", "2048", nullptr), 0);
  ASSERT_EQ(tecs_options_set(options.get(), "maximum-key-bits", "2047", nullptr), 0);
  Zone zone;
  Failure failure;
  EXPECT_EQ(tecs_verifier_new(options.get(), failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "bad-option");
  EXPECT_EQ(tecs_key_source_new_dns(options.get(), failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "bad-option");
  EXPECT_EQ(tecs_key_source_new_lookup(Zone::lookup, &zone, options.get(), failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "bad-option");
  EXPECT_EQ(failure.sentence(), "minimum-key-bits is more than maximum-key-bits");
  ASSERT_EQ(tecs_options_set(options.get(), "maximum-key-bits", "2048", nullptr), 0);
  EXPECT_TRUE(Verifier(tecs_verifier_new(options.get(), nullptr)));
}

TEST(Options, ReachTheVerifierAndTheKeys) {
  struct Case {
    const char* option;
    const char* value;
    const char* want_reason;
  };
  const Credential credential = sign("rsa-2048");
  const std::string response = tecs_credential_response(credential.get(), TECS_BASE64);
  for (const Case& option :
       {Case{"minimum-key-bits", "4096", "key-too-short"}, Case{"maximum-key-bits", "1024", "key-too-large"},
        Case{"require-dnssec", "yes", "no-dnssec"}}) {
    const Options options(tecs_options_new(nullptr));
    ASSERT_EQ(tecs_options_set(options.get(), option.option, option.value, nullptr), 0);
    Zone zone = zone_of("rsa-2048");
    const Source source = source_of(zone, options.get());
    const Verification verification = verify(response, source.get(), {tuple()}, noon, options.get());
    EXPECT_EQ(text(tecs_verification_reason(verification.get())), option.want_reason) << option.option;
  }
}

}  // namespace
}  // namespace tecs::c_api
