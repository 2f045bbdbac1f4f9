#include "tools/account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tecs {
namespace {

using testing::HasSubstr;

struct stat with_mode(mode_t mode, uid_t user, gid_t group) {
  struct stat status {};
  status.st_mode = mode;
  status.st_uid = user;
  status.st_gid = group;
  return status;
}

TEST(Account, TheFirstClassThatFitsDecides) {
  const Account tecs{990, {990, 105}};
  struct Row {
    const char* name;
    struct stat status;
    bool want;
  };
  for (const Row& row : {
           Row{"owner", with_mode(0400, 990, 0), true},
           Row{"owner who may not", with_mode(0044, 990, 990), false},
           Row{"group", with_mode(0040, 0, 105), true},
           Row{"group that may not", with_mode(0604, 0, 105), false},
           Row{"others", with_mode(0004, 0, 0), true},
           Row{"nobody else", with_mode(0660, 0, 0), false},
       }) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(permits(row.status, tecs, 4), row.want);
    EXPECT_TRUE(permits(row.status, Account{0, {0}}, 4));
  }
}

class CanRead : public testing::Test {
 protected:
  CanRead() {
    std::filesystem::create_directories(folder_ / "closed");
    std::ofstream(folder_ / "key.pem") << "key";
    std::ofstream(folder_ / "closed/key.pem") << "key";
    using std::filesystem::perms;
    std::filesystem::permissions(folder_, perms::owner_all | perms::group_exec | perms::others_exec);
    std::filesystem::permissions(folder_ / "closed", perms::owner_all);
    std::filesystem::permissions(folder_ / "key.pem", perms::owner_read | perms::others_read);
  }
  ~CanRead() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path folder_ =
      std::filesystem::path("/tmp") / ("tecs-can-read-" + std::to_string(getpid()));
};

TEST_F(CanRead, SaysWhichPartOfThePathIsClosed) {
  EXPECT_TRUE(can_read(folder_ / "key.pem", "nobody"));
  std::filesystem::permissions(folder_ / "key.pem", std::filesystem::perms::owner_read);
  EXPECT_THAT(can_read(folder_ / "key.pem", "nobody").error().sentence,
              HasSubstr("/key.pem has mode 0400, owner " + std::to_string(getuid())));
  EXPECT_THAT(can_read(folder_ / "closed/key.pem", "nobody").error().sentence,
              HasSubstr("/closed has mode 0700"));
  EXPECT_THAT(can_read(folder_ / "none.pem", "nobody").error().sentence, HasSubstr("No such file"));
  EXPECT_THAT(can_read(folder_ / "key.pem", "no such user").error().sentence, HasSubstr("there is no user"));
}

}  // namespace
}  // namespace tecs
