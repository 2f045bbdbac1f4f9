// Runs every case of tests/cases/verify; see the README there.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tecs/adapters/zone_file.hpp"
#include "tecs/base64.hpp"
#include "tecs/signed_octets.hpp"
#include "tecs/signer.hpp"
#include "tecs/verifier.hpp"
#include "test_folders.hpp"

namespace tecs {
namespace {

namespace fs = std::filesystem;

const fs::path cases_folder = fs::path(TECS_TEST_DATA) / "verify";

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(cases_folder)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string hex(OctetView octets) {
  std::string text;
  for (const std::uint8_t octet : octets) {
    text += "0123456789abcdef"[octet >> 4];
    text += "0123456789abcdef"[octet & 15];
  }
  return text;
}

std::chrono::sys_seconds unix_time(std::int64_t seconds) {
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

class VerifyCase : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    wanted_ = nlohmann::json::parse(contents(cases_folder / (GetParam() + ".json")));
    text_ = wanted_.at("credential").get<std::string>();
  }

  [[nodiscard]] std::string value(const char* key) const { return wanted_.value(key, std::string{}); }

  [[nodiscard]] ConnectionTuple tuple() const {
    return ConnectionTuple::make(Endpoint::parse(value("destination")).value(),
                                 Endpoint::parse(value("source")).value())
        .value();
  }

  nlohmann::json wanted_;
  std::string text_;
};

TEST_P(VerifyCase, Verifies) {
  const auto zone = ZoneFile::load((cases_folder / (GetParam() + ".zone")).string());
  ASSERT_TRUE(zone) << zone.error().sentence;
  TxtKeySource keys(**zone, KeyLimits{});
  const ConnectionTuple candidates[] = {tuple()};

  const Verification verification = Verifier(VerifierOptions{})
                                        .verify(Credential::parse(text_), candidates,
                                                unix_time(wanted_.at("now").get<std::int64_t>()), keys);

  EXPECT_EQ(word(verification.result), value("result")) << verification.detail();
  EXPECT_EQ(verification.error ? word(verification.error->reason) : "", value("reason"));
  EXPECT_EQ(verification.testing, wanted_.value("testing", false));
  if (verification.result == Result::pass) {
    EXPECT_EQ(verification.epoch_offset, std::chrono::seconds{wanted_.at("epoch_offset").get<int>()});
    EXPECT_EQ(verification.candidate, 0U);
  }
}

TEST_P(VerifyCase, InitialResponseDecodesToTheCredential) {
  if (!wanted_.contains("initial_response")) return;
  EXPECT_EQ(decode_response(value("initial_response")), text_);
}

TEST_P(VerifyCase, SigningAgainGivesTheSameOctets) {
  if (!wanted_.contains("signing_key") || !wanted_.contains("signed_octets")) return;
  const auto key = SigningKey::from_pem(contents(cases_folder / value("signing_key")));
  ASSERT_TRUE(key) << key.error().sentence;
  const auto credential = Credential::parse(text_);
  ASSERT_TRUE(credential);

  const Digest digest = [&] {
    Octets octets;
    const std::string text = value("signed_octets");
    for (std::size_t i = 0; i < text.size(); i += 2) {
      octets.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
    }
    return sha256(octets);
  }();
  EXPECT_EQ(key->sign(digest), credential->signature);

  // Where the case is a pass, what the signer signs for this connection is what stands in the case.
  if (value("result") != "pass") return;
  const Epoch epoch = Epoch::nearest(unix_time(wanted_.at("signed_at").get<std::int64_t>()));
  EXPECT_EQ(hex(SignedOctets(tuple(), epoch).octets()), value("signed_octets"));
  const auto signed_again = Signer(credential->domain, credential->selector, *key).sign(tuple(), epoch);
  ASSERT_TRUE(signed_again);
  EXPECT_EQ(signed_again->format(), text_);
}

INSTANTIATE_TEST_SUITE_P(Data, VerifyCase, testing::ValuesIn(case_names()), [](const auto& param) {
  std::string name = param.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// An empty folder would make the suite above pass without a test.
TEST(VerifyCases, AllAreThere) {
  EXPECT_GE(case_names().size(), 78U);
}

}  // namespace
}  // namespace tecs
