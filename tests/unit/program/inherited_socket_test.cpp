// Each row in a process of its own, as the sockets have fixed numbers: systemd passes them from 3 on.
#include "program/inherited_socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>

namespace tecs::test {
namespace {

constexpr int first_descriptor = 3;

struct Row {
  std::string name;
  int sockets;
  const char* names;
  bool listens;
  std::function<bool(const Expected<FileDescriptor>&)> want;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

bool none(const Expected<FileDescriptor>& found) {
  return found && !*found;
}

bool refused(const Expected<FileDescriptor>& found) {
  return !found && found.error().reason == Reason::io_error;
}

std::function<bool(const Expected<FileDescriptor>&)> is_number(int number) {
  return [number](const Expected<FileDescriptor>& found) { return found && found->number() == number; };
}

[[noreturn]] void play(const Row& row) {
  for (int i = 0; i < row.sockets; ++i) {
    const int made = socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_storage any{.ss_family = AF_UNIX, .__ss_padding = {}, .__ss_align = 0};
    bind(made, reinterpret_cast<const sockaddr*>(&any),
         sizeof(sa_family_t));  // a name of the kernel's choice
    if (row.listens) listen(made, 1);
    const int wanted = first_descriptor + i;
    if (made != wanted) {
      dup2(made, wanted);
      close(made);
    }
  }
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  setenv("LISTEN_FDS", std::to_string(row.sockets).c_str(), 1);
  setenv("LISTEN_FDNAMES", row.names, 1);
  auto found = inherited_socket("sasl");
  const bool as_wanted = row.want(found);
  const bool taken = std::getenv("LISTEN_FDS") == nullptr;
  _exit(as_wanted && taken ? 0 : 1);
}

class InheritedSocket : public testing::TestWithParam<Row> {};

TEST_P(InheritedSocket, is_found_by_its_name) {
  const pid_t child = fork();
  if (child == 0) play(GetParam());
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, InheritedSocket,
                         testing::Values(Row{"by_name", 1, "sasl", true, is_number(3)},
                                         Row{"by_name_among_others", 2, "metrics:sasl", true, is_number(4)},
                                         Row{"alone_without_a_name", 1, "unknown", true, is_number(3)},
                                         Row{"not_under_another_name", 1, "metrics", true, none},
                                         Row{"not_when_the_count_is_nonsense", 0, "", true, refused},
                                         Row{"not_when_two_have_the_name", 2, "sasl:sasl", true, refused},
                                         Row{"not_when_it_does_not_listen", 1, "sasl", false, refused}),
                         [](const auto& row) { return row.param.name; });

TEST(InheritedSockets, are_none_outside_systemd) {
  const auto found = inherited_socket("sasl");
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

}  // namespace
}  // namespace tecs::test
