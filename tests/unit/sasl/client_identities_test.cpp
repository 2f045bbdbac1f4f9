#include "sasl/client_identities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "unit/sasl/signing_fixture.hpp"
#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const Domain sender = Domain::parse("sender.example").value();
const Domain customer = Domain::parse("customer.example").value();

class ClientIdentitiesTest : public testing::Test {
 protected:
  ClientIdentitiesTest() {
    replace(key_file, test::make_key().to_pem());
    replace(configuration, "identity = sender.example sel " + key_file + "\n");
  }

  // As an editor does: another file under the same name, so that it is seen whatever the clock's steps.
  void replace(const std::string& path, const std::string& text, mode_t mode = 0600) const {
    test::write_file(folder.file("new"), text, mode);
    std::filesystem::rename(folder.file("new"), path);
  }

  test::TemporaryDirectory folder;
  const std::string configuration = folder.file("sasl-client.conf");
  const std::string key_file = folder.file("sender.pem");
  ClientIdentities identities{configuration};
};

TEST_F(ClientIdentitiesTest, Found) {
  const auto terms = identities.find(sender);
  ASSERT_TRUE(terms) << terms.error().sentence;
  EXPECT_EQ(terms->signer->domain(), sender);
  EXPECT_EQ(terms->signer->selector()->text(), "sel");
  EXPECT_EQ(terms->challenge_skew, std::chrono::minutes(2));
}

TEST_F(ClientIdentitiesTest, KeyIsKeptWhileNothingChanges) {
  EXPECT_EQ(identities.find(sender)->signer, identities.find(sender)->signer);
}

TEST_F(ClientIdentitiesTest, NeverForADomainThatIsNotThere) {
  const auto terms = identities.find(customer);
  ASSERT_FALSE(terms);
  EXPECT_EQ(terms.error().sentence, configuration + " has no identity customer.example");
}

TEST_F(ClientIdentitiesTest, OtherKey) {
  const auto before = identities.find(sender)->signer;
  replace(key_file, test::make_key().to_pem());
  const auto after = identities.find(sender);
  ASSERT_TRUE(after);
  EXPECT_NE(after->signer, before);
}

TEST_F(ClientIdentitiesTest, KeyThatOthersMayRead) {
  ASSERT_TRUE(identities.find(sender));
  replace(key_file, test::make_key().to_pem(), 0644);
  for (int time = 0; time < 2; ++time) {
    const auto terms = identities.find(sender);
    ASSERT_FALSE(terms);
    EXPECT_THAT(terms.error().sentence,
                AllOf(StartsWith(key_file), HasSubstr("belongs to"), HasSubstr("mode 0644")));
  }
  replace(key_file, test::make_key().to_pem());
  EXPECT_TRUE(identities.find(sender));
}

TEST_F(ClientIdentitiesTest, KeyThatGoesAwayIsNotUsedOn) {
  ASSERT_TRUE(identities.find(sender));
  std::filesystem::remove(key_file);
  EXPECT_THAT(identities.find(sender).error().sentence, HasSubstr("No such file"));
}

TEST_F(ClientIdentitiesTest, OtherConfiguration) {
  ASSERT_TRUE(identities.find(sender));
  replace(configuration, "identity = customer.example - " + key_file + "\nnat = always\n");
  EXPECT_FALSE(identities.find(sender));
  const auto terms = identities.find(customer);
  ASSERT_TRUE(terms) << terms.error().sentence;
  EXPECT_TRUE(terms->nat.asks_for_challenge(IpAddress::parse("192.0.2.1").value()));
}

TEST_F(ClientIdentitiesTest, ConfigurationThatIsWrongIsNotPassedOver) {
  ASSERT_TRUE(identities.find(sender));
  replace(configuration, "identity = sender.example - " + key_file + "\nnot a line\n");
  for (int time = 0; time < 2; ++time) {
    const auto terms = identities.find(sender);
    ASSERT_FALSE(terms);
    EXPECT_THAT(terms.error().sentence, StartsWith(configuration + ":2: "));
  }
}

TEST_F(ClientIdentitiesTest, ConfigurationThatGoesAway) {
  ASSERT_TRUE(identities.find(sender));
  std::filesystem::remove(configuration);
  EXPECT_FALSE(identities.find(sender));
}

}  // namespace
}  // namespace tecs
