#include "milter/listening_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

#include "unit/verdicts/temporary_directory.hpp"

namespace tecs {
namespace {

class UnixSocket : public testing::Test {
 protected:
  bool answers() const {
    const auto name = address.socket_address();
    const FileDescriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return connect(client.number(), name.pointer(), name.length) == 0;
  }

  test::TemporaryDirectory directory;
  std::string path = directory.file("door");
  DoorAddress address = *DoorAddress::parse("unix:" + path);
};

TEST_F(UnixSocket, ListensAndGoesWithItsFile) {
  {
    const SocketFileMode mode;
    const auto socket = ListeningSocket::open(address);
    ASSERT_TRUE(socket) << socket.error().sentence;
    EXPECT_TRUE(answers());
    struct stat file {};
    ASSERT_EQ(stat(path.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0660U);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(UnixSocket, TakesThePlaceOfAProgramThatIsGone) {
  {
    const FileDescriptor gone(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto name = address.socket_address();
    ASSERT_EQ(bind(gone.number(), name.pointer(), name.length), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(path));
  const auto socket = ListeningSocket::open(address);
  ASSERT_TRUE(socket) << socket.error().sentence;
  EXPECT_TRUE(answers());
}

TEST_F(UnixSocket, DoesNotTakeThePlaceOfAProgramThatAnswers) {
  const auto first = ListeningSocket::open(address);
  const auto second = ListeningSocket::open(address);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::io_error);
  EXPECT_NE(second.error().sentence.find(address.format()), std::string::npos);
  EXPECT_TRUE(answers()) << "the first must go on";
}

FileDescriptor listen_at(const DoorAddress& address) {
  const auto name = address.socket_address();
  FileDescriptor made(socket(name.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(bind(made.number(), name.pointer(), name.length), 0);
  EXPECT_EQ(listen(made.number(), 1), 0);
  return made;
}

TEST_F(UnixSocket, TakesOverOneOfSomebodyElseAndLeavesItsFile) {
  const FileDescriptor theirs = listen_at(address);
  {
    const auto socket = ListeningSocket::adopt(FileDescriptor(dup(theirs.number())), address);
    ASSERT_TRUE(socket) << socket.error().sentence;
    EXPECT_EQ(accept(socket->number(), nullptr, nullptr), -1) << "does not wait";
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_TRUE(answers());
  }
  EXPECT_TRUE(answers()) << "whoever listens on it goes on";
}

TEST_F(UnixSocket, DoesNotTakeOverOneThatListensElsewhere) {
  for (const std::string& other : {"unix:" + path + "2", std::string("inet:127.0.0.1:25")}) {
    const auto socket = ListeningSocket::adopt(listen_at(address), *DoorAddress::parse(other));
    std::filesystem::remove(path);
    ASSERT_FALSE(socket) << other;
    EXPECT_EQ(socket.error().sentence, other + ": the inherited socket listens elsewhere");
  }
}

TEST_F(UnixSocket, DoesNotRemoveAFile) {
  std::ofstream(path) << "letters";
  EXPECT_FALSE(ListeningSocket::open(address));
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST_F(UnixSocket, SaysWhenItCannotBeMade) {
  const auto socket = ListeningSocket::open(*DoorAddress::parse("unix:" + directory.file("none/door")));
  ASSERT_FALSE(socket);
  EXPECT_NE(socket.error().sentence.find("none/door"), std::string::npos);
}

TEST_F(UnixSocket, KnockWakesTheAcceptor) {
  const auto socket = ListeningSocket::open(address);
  EXPECT_LT(accept4(socket->number(), nullptr, nullptr, SOCK_CLOEXEC), 0);
  knock(address);
  const FileDescriptor accepted(accept4(socket->number(), nullptr, nullptr, SOCK_CLOEXEC));
  EXPECT_TRUE(accepted);
}

}  // namespace
}  // namespace tecs
