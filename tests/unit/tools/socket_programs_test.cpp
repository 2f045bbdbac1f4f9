#include "tools/socket_programs.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <fstream>

#include "tecs/adapters/file_descriptor.hpp"

namespace tecs {
namespace {

TEST(SocketPrograms, NamesWhoHasItOpen) {
  std::string own;
  std::getline(std::ifstream("/proc/self/comm") >> std::ws, own);
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  struct stat status {};
  ASSERT_EQ(fstat(socket.number(), &status), 0);
  EXPECT_THAT(programs_with_socket(status.st_ino), testing::ElementsAre(own));
}

TEST(SocketPrograms, NobodyHasOneThatIsNotThere) {
  EXPECT_THAT(programs_with_socket(0), testing::IsEmpty());
}

}  // namespace
}  // namespace tecs
