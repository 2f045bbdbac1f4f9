#include "tecs/adapters/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tecs {
namespace {

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "key-file-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ / "key.pem";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& content, mode_t mode = 0600) const {
    std::ofstream(path_) << content;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }

  // The sentence of the error; empty when there was none.
  [[nodiscard]] std::string refusal(Reason want) const {
    const auto key = read_key_file(path_);
    if (key) return {};
    EXPECT_EQ(key.error().reason, want) << key.error().sentence;
    EXPECT_EQ(key.error().sentence.rfind(path_.string(), 0), 0U) << key.error().sentence;
    return key.error().sentence;
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
  const std::string pem_ = SigningKey::generate(KeyType::ed25519, 0)->to_pem();
};

TEST_F(KeyFile, is_read) {
  write(pem_);
  const auto key = read_key_file(path_);
  ASSERT_TRUE(key) << key.error().sentence;
  EXPECT_EQ(key->to_pem(), pem_);
}

TEST_F(KeyFile, that_is_not_there_is_refused_with_the_reason) {
  EXPECT_NE(refusal(Reason::io_error).find("No such file"), std::string::npos);
}

TEST_F(KeyFile, may_be_read_by_a_group_but_not_by_everybody_or_written_by_others) {
  struct Row {
    mode_t mode;
    const char* want;  // in the sentence; null: accepted
  };
  for (const Row row :
       {Row{0400, nullptr}, Row{0600, nullptr}, Row{0640, nullptr}, Row{0440, nullptr},
        Row{0644, "mode 0644: everybody may read it"}, Row{0604, "mode 0604: everybody may read it"},
        Row{0660, "mode 0660: others than its owner may write to it"},
        Row{0602, "mode 0602: others than its owner may write to it"},
        Row{0666, "mode 0666: others than its owner may write to it"}}) {
    SCOPED_TRACE(row.mode);
    write(pem_, row.mode);
    const std::string sentence = refusal(Reason::bad_key_file);
    if (row.want == nullptr) {
      EXPECT_EQ(sentence, "");
    } else {
      EXPECT_NE(sentence.find(row.want), std::string::npos) << sentence;
      EXPECT_NE(sentence.find("belongs to "), std::string::npos) << sentence;
    }
  }
}

TEST_F(KeyFile, without_a_key_is_refused) {
  write("-----BEGIN NOTHING-----\n");
  EXPECT_NE(refusal(Reason::bad_key_file).find("not a private key"), std::string::npos);
  write("");
  EXPECT_NE(refusal(Reason::bad_key_file), "");
}

TEST_F(KeyFile, is_bounded) {
  write(std::string(65'537, '\n') + pem_);
  EXPECT_NE(refusal(Reason::bad_key_file).find("longer than a key can be"), std::string::npos);
}

TEST_F(KeyFile, must_be_a_file_and_nobody_waits_for_a_pipe) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_NE(refusal(Reason::bad_key_file).find("not a regular file"), std::string::npos);
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_NE(refusal(Reason::bad_key_file).find("not a regular file"), std::string::npos);
}

}  // namespace
}  // namespace tecs
