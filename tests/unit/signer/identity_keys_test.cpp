#include "signer/identity_keys.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

class IdentityKeys : public testing::Test {
 protected:
  // Enough for several threads, where there are several processors.
  static constexpr std::size_t count = 1000;

  IdentityKeys() {
    for (std::size_t i = 0; i < count; ++i) paths_.push_back(folder_.file("k" + std::to_string(i)));
    for (std::size_t i = 0; i < count; ++i) {
      if (i < 2) {
        std::ofstream(paths_[i]) << keys_[i].to_pem();
        ::chmod(paths_[i].c_str(), 0600);
      } else {
        std::filesystem::create_hard_link(paths_[i % 2], paths_[i]);
      }
    }
  }

  const test::TemporaryDirectory folder_;
  const std::vector<SigningKey> keys_{SigningKey::generate(KeyType::ed25519, 0).value(),
                                      SigningKey::generate(KeyType::rsa, 1024).value()};
  std::vector<std::string> paths_;
};

TEST_F(IdentityKeys, come_in_the_order_of_their_paths) {
  const auto read = read_key_files(paths_);
  ASSERT_TRUE(read) << read.error().error.sentence;
  ASSERT_EQ(read->size(), count);
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_EQ((*read)[i].public_octets(), keys_[i % 2].public_octets()) << i;
  }
  EXPECT_TRUE(read_key_files({})->empty());
}

TEST_F(IdentityKeys, fail_with_the_first_error_however_many_threads_read) {
  for (const std::size_t first : {998U, 500U, 17U, 1U, 0U}) {
    for (std::size_t i = first; i < count; ++i) std::filesystem::remove(paths_[i]);
    const auto read = read_key_files(paths_);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().index, first);
    EXPECT_EQ(read.error().error.reason, Reason::io_error);
    EXPECT_EQ(read.error().error.sentence, paths_[first] + ": No such file or directory");
  }
}

}  // namespace
}  // namespace tecs
