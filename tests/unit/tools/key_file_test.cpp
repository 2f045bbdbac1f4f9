#include "tools/key_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "tecs/adapters/key_file.hpp"
#include "unit/tools/command_run.hpp"

namespace tecs {
namespace {

class KeyFile : public CommandTest {
 protected:
  static mode_t mode_of(const std::string& file) {
    struct stat status {};
    EXPECT_EQ(stat(file.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }

  const SigningKey key_ = *SigningKey::generate(KeyType::ed25519, 0);
};

TEST_F(KeyFile, CanBeReadAgain) {
  ASSERT_TRUE(write_key_file(path("k.pem"), key_));
  const auto key = read_key_file(path("k.pem"));
  ASSERT_TRUE(key) << key.error().sentence;
  EXPECT_EQ(key->public_octets(), key_.public_octets());
}

TEST_F(KeyFile, OnlyItsOwnerCanReadItWhateverTheUmask) {
  for (const mode_t mask : {0000U, 0022U, 0077U, 0777U}) {
    const std::string file = path("k" + std::to_string(mask) + ".pem");
    const mode_t former = umask(mask);
    const auto written = write_key_file(file, key_);
    umask(former);
    ASSERT_TRUE(written) << written.error().sentence;
    EXPECT_EQ(mode_of(file), 0600U) << mask;
  }
}

TEST_F(KeyFile, NeverOverwrites) {
  std::filesystem::create_symlink(path("nowhere"), path("link.pem"));
  std::filesystem::create_directory(path("folder"));
  for (const std::string& file : {write("old.pem", "old"), path("link.pem"), path("folder")}) {
    const auto written = write_key_file(file, key_);
    ASSERT_FALSE(written) << file;
    EXPECT_EQ(written.error().code, ExitCode::cannot_create);
    EXPECT_EQ(written.error().sentence, file + ": File exists");
  }
  EXPECT_EQ(read(path("old.pem")), "old");
  EXPECT_FALSE(std::filesystem::exists(path("nowhere")));
}

TEST_F(KeyFile, SaysWhyItCannotBeMade) {
  const auto written = write_key_file(path("missing/k.pem"), key_);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ExitCode::cannot_create);
  EXPECT_EQ(written.error().sentence, path("missing/k.pem") + ": No such file or directory");
}

// A disk that takes some octets and no more.
TEST_F(KeyFile, LeavesNoHalfFileOnAFullDisk) {
  const auto former_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit former{};
  getrlimit(RLIMIT_FSIZE, &former);
  const rlimit small{.rlim_cur = 20, .rlim_max = former.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto written = write_key_file(path("k.pem"), key_);
  setrlimit(RLIMIT_FSIZE, &former);
  std::signal(SIGXFSZ, former_handler);

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ExitCode::io_error);
  EXPECT_EQ(written.error().sentence, path("k.pem") + ": File too large");
  EXPECT_FALSE(std::filesystem::exists(path("k.pem")));
}

}  // namespace
}  // namespace tecs
