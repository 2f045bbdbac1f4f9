#include "signer/signer_options.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace tecs {
namespace {

Expected<SignerOptions> read(std::vector<const char*> words) {
  return read_options(words, signer_option_table()).and_then(check_signer_options);
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
  EXPECT_EQ(options->domain.text(), "example.org");
  EXPECT_EQ(options->selector, std::nullopt);
  EXPECT_EQ(options->key_path, "k.pem");
  EXPECT_TRUE(options->tls);
  EXPECT_EQ(options->resolver, std::nullopt);
  EXPECT_EQ(options->log_level, spdlog::level::info);
}

TEST(SignerOptions, are_all_taken) {
  const auto options = read(with({"--listen", "0.0.0.0:1", "--listen", "[::]:2", "--selector", "s1", "--tls",
                                  "none", "--resolver", "[::1]:53", "--log-level", "debug"}));
  ASSERT_TRUE(options) << options.error().sentence;
  ASSERT_EQ(options->listen.size(), 2U);
  EXPECT_EQ(options->listen.back().format(), "[::]:2");
  EXPECT_EQ(options->selector->text(), "s1");
  EXPECT_FALSE(options->tls);
  EXPECT_EQ(options->resolver->format(), "[::1]:53");
  EXPECT_EQ(options->log_level, spdlog::level::debug);
}

TEST(SignerOptions, can_stand_in_a_file) {
  const std::string path = testing::TempDir() + "signer-options-test.conf";
  std::ofstream(path) << "listen = 127.0.0.1:1\nlisten = [::1]:1\nupstream = original-destination\n"
                         "domain = example.org\nkey = /etc/tecs/key.pem\ntls = none\n";
  const auto options = read({"--config", path.c_str(), "--tls", "may"});
  ASSERT_TRUE(options) << options.error().sentence;
  EXPECT_EQ(options->listen.size(), 2U);
  EXPECT_EQ(options->upstream, UpstreamAddress(OriginalDestination{}));
  EXPECT_TRUE(options->tls);
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
                    Row{"listen", with({"--listen", "25"}), "listen: "},
                    Row{"upstream", {"--upstream", "mx", "--domain", "a.b", "--key", "k"}, "upstream: "},
                    Row{"domain", {"--upstream", "mx:25", "--domain", "org", "--key", "k"}, "domain: "},
                    Row{"selector", with({"--selector", "a b"}), "selector: "},
                    Row{"tls", with({"--tls", "encrypt"}), "tls: "},
                    Row{"resolver", with({"--resolver", "::1"}), "resolver: "},
                    Row{"log_level", with({"--log-level", "loud"}), "log-level: "},
                    Row{"unknown", with({"--speed", "9"}), "speed"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tecs
