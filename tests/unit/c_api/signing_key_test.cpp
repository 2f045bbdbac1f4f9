#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

TEST(SigningKey, TellsTheRecordToPublish) {
  EXPECT_EQ(text(tecs_signing_key_record(key_of("rsa-2048").get())).rfind("v=DKIM1; k=rsa; p=MIIB", 0), 0U);
  EXPECT_EQ(text(tecs_signing_key_record(key_of("ed25519").get())).rfind("v=DKIM1; k=ed25519; p=", 0), 0U);
}

TEST(SigningKey, RefusesWhatIsNoKey) {
  for (const std::string_view pem : {std::string_view(""), std::string_view("-----BEGIN PRIVATE KEY-----\n"),
                                     std::string_view("\0\xff\0", 3)}) {
    Failure failure;
    EXPECT_EQ(tecs_signing_key_new(pem.data(), pem.size(), failure.place()), nullptr);
    EXPECT_EQ(failure.reason(), "bad-key-file");
  }
}

TEST(SigningKey, NeedsNoNulAtTheEndOfThePem) {
  const std::string pem = pem_of("ed25519");
  const std::vector<char> exact(pem.begin(), pem.end());  // whose end AddressSanitizer watches
  EXPECT_TRUE(Key(tecs_signing_key_new(exact.data(), exact.size(), nullptr)));
}

class SigningKeyFile : public testing::Test {
 protected:
  SigningKeyFile() {
    std::string pattern = testing::TempDir() + "tecs-key-XXXXXX";
    const int descriptor = mkstemp(pattern.data());
    EXPECT_GE(descriptor, 0);
    close(descriptor);
    path_ = pattern;
    std::ofstream(path_) << pem_of("ed25519");
  }
  ~SigningKeyFile() override { unlink(path_.c_str()); }

  [[nodiscard]] std::string reason_with_mode(mode_t mode) const {
    EXPECT_EQ(chmod(path_.c_str(), mode), 0);
    Failure failure;
    const Key key(tecs_signing_key_new_from_file(path_.c_str(), failure.place()));
    return key ? "" : failure.reason();
  }

  std::string path_;
};

TEST_F(SigningKeyFile, IsForItsOwnerAndAGroup) {
  EXPECT_EQ(reason_with_mode(0600), "");
  EXPECT_EQ(reason_with_mode(0640), "");
  EXPECT_EQ(reason_with_mode(0644), "bad-key-file");
  EXPECT_EQ(reason_with_mode(0660), "bad-key-file");
}

TEST_F(SigningKeyFile, HasToBeThere) {
  Failure failure;
  EXPECT_EQ(tecs_signing_key_new_from_file((path_ + ".none").c_str(), failure.place()), nullptr);
  EXPECT_EQ(failure.reason(), "io-error");
  EXPECT_EQ(failure.sentence().rfind(path_, 0), 0U) << failure.sentence();
}

}  // namespace
}  // namespace tecs::c_api
