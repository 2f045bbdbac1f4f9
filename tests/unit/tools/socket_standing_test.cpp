#include "tools/socket_standing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "tecs/adapters/file_descriptor.hpp"

namespace tecs {
namespace {

using Kind = SocketStanding::Kind;
using testing::HasSubstr;

// Seen by nobody, who is neither the owner of what the test makes nor in its group.
class SocketStandingTest : public testing::Test {
 protected:
  SocketStandingTest() {
    std::filesystem::create_directories(folder_);
    chmod(folder_.c_str(), 0755);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket_path_.c_str(), sizeof address.sun_path - 1);
    // NOLINTNEXTLINE: bind() takes every kind of address by this type.
    EXPECT_EQ(bind(socket_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~SocketStandingTest() override { std::filesystem::remove_all(folder_); }

  void set_mode(mode_t folder, mode_t socket) const {
    chmod(folder_.c_str(), folder);
    chmod(socket_path_.c_str(), socket);
  }
  [[nodiscard]] Kind kind(const std::string& user = "nobody") const {
    return socket_standing(socket_path_, user).kind;
  }

  const std::filesystem::path folder_ = "/tmp/tecs-standing-" + std::to_string(getpid());
  const std::string socket_path_ = folder_ / "s";
  const FileDescriptor socket_{socket(AF_UNIX, SOCK_STREAM, 0)};
};

TEST_F(SocketStandingTest, ModesOfSocketAndFolderDecide) {
  struct Row {
    std::string name;
    mode_t folder;
    mode_t socket;
    Kind want;
  };
  for (const Row& row : {
           Row{"open to all", 0755, 0666, Kind::usable},
           Row{"write-only is enough", 0711, 0222, Kind::usable},
           Row{"for owner and group", 0755, 0660, Kind::forbidden},
           Row{"read-only", 0755, 0664, Kind::forbidden},
           Row{"a folder that cannot be passed", 0750, 0666, Kind::forbidden},
           Row{"a folder that can be read only", 0754, 0666, Kind::forbidden},
       }) {
    SCOPED_TRACE(row.name);
    set_mode(row.folder, row.socket);
    EXPECT_EQ(kind(), row.want);
  }
  set_mode(0755, 0600);
}

TEST_F(SocketStandingTest, RootPassesEverywhere) {
  set_mode(0700, 0000);
  EXPECT_EQ(kind("root"), Kind::usable);
  set_mode(0755, 0600);
}

TEST_F(SocketStandingTest, TheGroupCounts) {
  const passwd* nobody = getpwnam("nobody");
  ASSERT_NE(nobody, nullptr);
  if (chown(socket_path_.c_str(), static_cast<uid_t>(-1), nobody->pw_gid) != 0) GTEST_SKIP() << "not root";
  set_mode(0755, 0660);
  EXPECT_EQ(kind(), Kind::usable);
  // The first class that fits decides: what others may does not help the group.
  set_mode(0755, 0606);
  EXPECT_EQ(kind(), Kind::forbidden);
}

TEST_F(SocketStandingTest, SaysWhatStandsInTheWay) {
  set_mode(0755, 0660);
  EXPECT_THAT(
      socket_standing(socket_path_, "nobody").explanation,
      testing::MatchesRegex(".*/s has mode 0660, owner [0-9]+, group [0-9]+, and nobody cannot write to it"));
  std::ofstream(folder_ / "file") << "x";
  EXPECT_EQ(socket_standing(folder_ / "file", "nobody").kind, Kind::not_a_socket);
  EXPECT_EQ(socket_standing(folder_ / "x", "nobody").kind, Kind::absent);
  EXPECT_EQ(socket_standing(folder_ / "x/y/z", "nobody").kind, Kind::absent);
  EXPECT_EQ(socket_standing(folder_ / "file/y", "nobody").kind, Kind::absent);
  const SocketStanding stranger = socket_standing(socket_path_, "no such user");
  EXPECT_EQ(stranger.kind, Kind::unknown);
  EXPECT_THAT(stranger.explanation, HasSubstr("there is no user no such user"));
}

}  // namespace
}  // namespace tecs
