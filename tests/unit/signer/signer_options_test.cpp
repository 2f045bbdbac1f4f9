#include "signer/signer_options.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace tecs {
namespace {

Expected<SignerOptions> read(const std::vector<const char*>& words) {
  return read_signer_options(words).map(
      [](const SignerRequest& request) { return std::get<SignerOptions>(request); });
}

std::vector<const char*> with(std::vector<const char*> words) {
  words.insert(words.end(), {"--upstream", "mx.example.com:25", "--domain", "Example.org", "--key", "k.pem"});
  return words;
}

TEST(SignerOptions, have_defaults) {
  const auto options = read(with({}));
  ASSERT_TRUE(options) << options.error().sentence;
  ASSERT_EQ(options->listen.size(), 1U);
  EXPECT_EQ(options->listen.front().format(), "127.0.0.1:10025");
  EXPECT_EQ(options->upstream, UpstreamAddress(HostAndPort{"mx.example.com", 25}));
  EXPECT_EQ(options->standard->domain.text(), "example.org");
  EXPECT_EQ(options->standard->selector, std::nullopt);
  EXPECT_EQ(options->standard->key_path, "k.pem");
  EXPECT_EQ(options->destination.tls, TlsLevel::may);
  EXPECT_EQ(options->destination.signature, SignatureDemand::may);
  EXPECT_EQ(options->destination.maximum_connections, 0U);
  EXPECT_EQ(options->maximum_sessions, 10'000U);
  EXPECT_EQ(options->source, SourceChoice::system);
  EXPECT_EQ(options->challenge_skew, std::chrono::minutes{2});
  EXPECT_EQ(options->drain_time, std::chrono::seconds{30});
  EXPECT_EQ(options->dnssec_probe, ".");
  EXPECT_EQ(options->resolver, std::nullopt);
  EXPECT_EQ(options->log_level, spdlog::level::info);
  EXPECT_FALSE(options->check_only);
}

TEST(SignerOptions, keep_the_address_of_the_mta_where_the_firewall_redirects) {
  const auto options =
      read({"--upstream", "original-destination", "--domain", "example.org", "--key", "k.pem"});
  ASSERT_TRUE(options) << options.error().sentence;
  EXPECT_EQ(options->source, SourceChoice::mta);
}

TEST(SignerOptions, are_all_taken) {
  const auto options = read(with({"--listen",
                                  "0.0.0.0:1",
                                  "--listen",
                                  "[::]:2",
                                  "--selector",
                                  "s1",
                                  "--tls",
                                  "verify",
                                  "--resolver",
                                  "[::1]:53",
                                  "--log-level",
                                  "debug",
                                  "--source",
                                  "mta",
                                  "--require-signature",
                                  "offered",
                                  "--nat",
                                  "10.0.0.0/8",
                                  "--challenge-skew",
                                  "10s",
                                  "--identities",
                                  "ids",
                                  "--destinations",
                                  "dests",
                                  "--tls-ca-file",
                                  "ca.pem",
                                  "--dnssec-probe",
                                  "example.net",
                                  "--drain-time",
                                  "5s",
                                  "--metrics-address",
                                  "127.0.0.1:9",
                                  "--check-config",
                                  "--maximum-connections",
                                  "7",
                                  "--connections-per-destination",
                                  "3"}));
  ASSERT_TRUE(options) << options.error().sentence;
  ASSERT_EQ(options->listen.size(), 2U);
  EXPECT_EQ(options->listen.back().format(), "[::]:2");
  EXPECT_EQ(options->standard->selector->text(), "s1");
  EXPECT_EQ(options->destination.tls, TlsLevel::verify);
  EXPECT_EQ(options->destination.signature, SignatureDemand::offered);
  EXPECT_EQ(options->destination.maximum_connections, 3U);
  EXPECT_EQ(options->maximum_sessions, 7U);
  EXPECT_EQ(options->source, SourceChoice::mta);
  EXPECT_TRUE(options->nat.asks_for_challenge(*IpAddress::parse("10.1.2.3")));
  EXPECT_FALSE(options->nat.asks_for_challenge(*IpAddress::parse("192.0.2.1")));
  EXPECT_EQ(options->challenge_skew, std::chrono::seconds{10});
  EXPECT_EQ(options->identities_path, "ids");
  EXPECT_EQ(options->destinations_path, "dests");
  EXPECT_EQ(options->tls_ca_path, "ca.pem");
  EXPECT_EQ(options->dnssec_probe, "example.net");
  EXPECT_EQ(options->drain_time, std::chrono::seconds{5});
  EXPECT_EQ(options->metrics_address->format(), "127.0.0.1:9");
  EXPECT_EQ(options->resolver->format(), "[::1]:53");
  EXPECT_EQ(options->log_level, spdlog::level::debug);
  EXPECT_TRUE(options->check_only);
}

TEST(SignerOptions, can_stand_in_a_file) {
  const std::string path = testing::TempDir() + "signer-options-test.conf";
  std::ofstream(path) << "listen = 127.0.0.1:1\nlisten = [::1]:1\nupstream = original-destination\n"
                         "domain = example.org\nkey = /etc/tecs/key.pem\ntls = none\n";
  const auto options = read({"--config", path.c_str(), "--tls", "may"});
  ASSERT_TRUE(options) << options.error().sentence;
  EXPECT_EQ(options->listen.size(), 2U);
  EXPECT_EQ(options->upstream, UpstreamAddress(OriginalDestination{}));
  EXPECT_EQ(options->destination.tls, TlsLevel::may);
}

TEST(SignerOptions, need_no_domain_beside_identities) {
  const auto options = read({"--upstream", "mx:25", "--identities", "ids"});
  ASSERT_TRUE(options) << options.error().sentence;
  EXPECT_FALSE(options->standard);
}

struct Row {
  const char* name;
  std::vector<const char*> words;
  const char* want_in_sentence;
};

class BadSignerOptions : public testing::TestWithParam<Row> {};

TEST_P(BadSignerOptions, are_refused_with_a_sentence_that_names_the_option) {
  const auto options = read(GetParam().words);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().reason, Reason::bad_option);
  EXPECT_NE(options.error().sentence.find(GetParam().want_in_sentence), std::string::npos)
      << options.error().sentence;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadSignerOptions,
    testing::Values(Row{"no_upstream", {"--domain", "example.org", "--key", "k"}, "upstream"},
                    Row{"no_domain", {"--upstream", "mx:25", "--key", "k"}, "domain"},
                    Row{"no_key", {"--upstream", "mx:25", "--domain", "example.org"}, "key"},
                    Row{"selector_alone", {"--upstream", "mx:25", "--selector", "s1"}, "domain: "},
                    Row{"nobody_to_sign_for", {"--upstream", "mx:25"}, "domain and key, or identities"},
                    Row{"listen", with({"--listen", "25"}), "listen: "},
                    Row{"upstream", {"--upstream", "mx", "--domain", "a.b", "--key", "k"}, "upstream: "},
                    Row{"domain", {"--upstream", "mx:25", "--domain", "org", "--key", "k"}, "domain: "},
                    Row{"selector", with({"--selector", "a b"}), "selector: "},
                    Row{"tls", with({"--tls", "maybe"}), "tls: "},
                    Row{"signature", with({"--require-signature", "yes"}), "require-signature: "},
                    Row{"nat", with({"--nat", "10.0.0.1/8"}), "nat: "},
                    Row{"skew", with({"--challenge-skew", "2h"}), "challenge-skew: "},
                    Row{"source", with({"--source", "192.0.2.1"}), "source: "},
                    Row{"connections", with({"--maximum-connections", "0"}), "maximum-connections: "},
                    Row{"user", with({"--user", "root"}), "user: "},
                    Row{"resolver", with({"--resolver", "::1"}), "resolver: "},
                    Row{"log_level", with({"--log-level", "loud"}), "log-level: "},
                    Row{"unknown", with({"--speed", "9"}), "speed"}),
    [](const auto& row) { return row.param.name; });

struct Change {
  const char* name;
  std::vector<const char*> words;
  const char* want;  // the option that needs a restart; empty: none does
};

class ChangedSignerOptions : public testing::TestWithParam<Change> {};

TEST_P(ChangedSignerOptions, say_whether_they_need_a_restart) {
  const auto running = read(with({}));
  const auto wanted = read(with(GetParam().words));
  ASSERT_TRUE(running && wanted);
  EXPECT_EQ(option_that_needs_restart(*running, *wanted), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ChangedSignerOptions,
    testing::Values(Change{"nothing", {}, ""}, Change{"listen", {"--listen", "127.0.0.1:1"}, "listen"},
                    Change{"source", {"--source", "mta"}, "source"},
                    Change{"maximum_connections", {"--maximum-connections", "1"}, "maximum-connections"},
                    Change{"ca_file", {"--tls-ca-file", "x"}, "tls-ca-file"},
                    Change{"resolver", {"--resolver", "127.0.0.1:53"}, "resolver"},
                    Change{"drain_time", {"--drain-time", "1s"}, "drain-time"},
                    Change{"metrics", {"--metrics-address", "127.0.0.1:1"}, "metrics-address"},
                    Change{"selector", {"--selector", "s2"}, ""}, Change{"tls", {"--tls", "encrypt"}, ""},
                    Change{"identities", {"--identities", "x"}, ""},
                    Change{"destinations", {"--destinations", "x"}, ""},
                    Change{"nat", {"--nat", "always"}, ""},
                    Change{"per_destination", {"--connections-per-destination", "2"}, ""},
                    Change{"log_level", {"--log-level", "debug"}, ""}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tecs
