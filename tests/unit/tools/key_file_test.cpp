#include "tools/key_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

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
  std::ostringstream err_;
};

TEST_F(KeyFile, CanBeReadAgain) {
  ASSERT_TRUE(write_key_file(path("k.pem"), key_));
  const auto key = read_key_file(path("k.pem"), err_);
  ASSERT_TRUE(key) << key.error().sentence;
  EXPECT_EQ(key->public_octets(), key_.public_octets());
  EXPECT_EQ(err_.str(), "");
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

TEST_F(KeyFile, ReadByOthersIsOnlyWarnedOf) {
  const std::string file = write_key("k.pem", key_);
  for (const mode_t mode : {0640U, 0604U, 0644U}) {
    chmod(file.c_str(), mode);
    err_.str("");
    EXPECT_TRUE(read_key_file(file, err_));
    EXPECT_EQ(err_.str(), "warning: " + file + " can be read by others than its owner\n");
  }
}

TEST_F(KeyFile, RefusesWhatIsNoKey) {
  struct Row {
    std::string name;
    std::string text;
    std::string want;
  };
  const std::string pem = key_.to_pem();
  for (const Row& row : {
           Row{"empty", "", "not a private key in PEM form without a pass phrase"},
           Row{"half", pem.substr(0, pem.size() / 2), "not a private key in PEM form without a pass phrase"},
           Row{"text", "hello\n", "not a private key in PEM form without a pass phrase"},
           Row{"too large", std::string(maximum_key_file_octets + 1, '\n'), "too large to be a private key"},
       }) {
    SCOPED_TRACE(row.name);
    const std::string file = write("k.pem", row.text);
    const auto key = read_key_file(file, err_);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, ExitCode::data_error);
    EXPECT_EQ(key.error().sentence, file + ": " + row.want);
  }
}

TEST_F(KeyFile, SaysWhyItCannotBeRead) {
  const auto missing = read_key_file(path("k.pem"), err_);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ExitCode::no_input);
  EXPECT_EQ(missing.error().sentence, path("k.pem") + ": No such file or directory");

  const auto folder = read_key_file(folder_.string(), err_);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ExitCode::no_input);
  EXPECT_EQ(folder.error().sentence, folder_.string() + ": Is a directory");
}

}  // namespace
}  // namespace tecs
