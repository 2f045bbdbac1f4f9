#include "signer/load_signer_rules.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tecs {
namespace {

class LoadSignerRules : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    write("key.pem", SigningKey::generate(KeyType::ed25519, 0)->to_pem());
    ::chmod((folder_ + "key.pem").c_str(), 0600);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + name) << text;
  }

  [[nodiscard]] Expected<std::shared_ptr<const SignerRules>> load(
      std::vector<std::string> words, const std::string& upstream = "mx:25") const {
    words.insert(words.end(), {"--upstream", upstream});
    std::vector<const char*> arguments;
    for (const std::string& word : words) arguments.push_back(word.c_str());
    return read_signer_options(arguments).and_then(
        [](const SignerRequest& request) { return load_signer_rules(std::get<SignerOptions>(request)); });
  }

  [[nodiscard]] std::vector<std::string> standard(std::vector<std::string> words) const {
    words.insert(words.end(), {"--domain", "example.org", "--key", folder_ + "key.pem"});
    return words;
  }

  const std::string folder_ = testing::TempDir() + "load-signer-rules-" + std::to_string(::getpid()) + "/";
};

TEST_F(LoadSignerRules, sign_everything_for_one_domain) {
  const auto rules = load(standard({}));
  ASSERT_TRUE(rules) << rules.error().sentence;
  EXPECT_EQ((*rules)->identities.size(), 1U);
  EXPECT_EQ((*rules)->identities.standard()->domain().text(), "example.org");
  EXPECT_EQ((*rules)->destinations.standard().tls, TlsLevel::may);
}

TEST_F(LoadSignerRules, take_identities_and_the_standard_together) {
  write("identities", "sender:customer.example customer.example - key.pem\n");
  const auto rules = load(standard({"--identities", folder_ + "identities"}));
  ASSERT_TRUE(rules) << rules.error().sentence;
  EXPECT_EQ((*rules)->identities.size(), 2U);
  EXPECT_EQ((*rules)->identities.of_sender("customer.example")->domain().text(), "customer.example");
  EXPECT_EQ((*rules)->identities.of_sender("other.example")->domain().text(), "example.org");
}

TEST_F(LoadSignerRules, take_destinations_over_the_standard) {
  write("destinations", "192.0.2.0/24 encrypt\n");
  const auto rules = load(standard({"--destinations", folder_ + "destinations", "--tls", "none"}));
  ASSERT_TRUE(rules) << rules.error().sentence;
  const auto server = *Endpoint::parse("192.0.2.1:25");
  EXPECT_EQ((*rules)->destinations.find(server, "").tls, TlsLevel::encrypt);
  EXPECT_EQ((*rules)->destinations.standard().tls, TlsLevel::none);
}

TEST_F(LoadSignerRules, say_which_key_cannot_be_read) {
  const auto rules = load({"--domain", "example.org", "--key", folder_ + "missing.pem"});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().reason, Reason::io_error);
  EXPECT_NE(rules.error().sentence.find("missing.pem"), std::string::npos) << rules.error().sentence;
}

TEST_F(LoadSignerRules, say_which_line_is_wrong) {
  write("destinations", "default may\n192.0.2.1 sometimes\n");
  const auto rules = load(standard({"--destinations", folder_ + "destinations"}));
  ASSERT_FALSE(rules);
  EXPECT_NE(rules.error().sentence.find("destinations:2: "), std::string::npos) << rules.error().sentence;
}

TEST_F(LoadSignerRules, know_each_listener_of_the_identities) {
  write("identities", "listener:127.0.0.1:10026 example.org - key.pem\n");
  const auto rules = load(standard({"--identities", folder_ + "identities"}));
  ASSERT_FALSE(rules);
  EXPECT_NE(rules.error().sentence.find("listener:127.0.0.1:10026 is none of the addresses to listen on"),
            std::string::npos)
      << rules.error().sentence;
  EXPECT_TRUE(load(standard({"--identities", folder_ + "identities", "--listen", "127.0.0.1:10026"})));
}

TEST_F(LoadSignerRules, do_not_take_an_address_for_a_name) {
  for (const char* const level : {"verify", "dane"}) {
    EXPECT_TRUE(load(standard({"--tls", level})));
    for (const char* const upstream : {"original-destination", "192.0.2.1:25"}) {
      const auto rules = load(standard({"--tls", level}), upstream);
      ASSERT_FALSE(rules) << level << " " << upstream;
      EXPECT_NE(rules.error().sentence.find("name="), std::string::npos) << rules.error().sentence;
    }
  }
}

}  // namespace
}  // namespace tecs
