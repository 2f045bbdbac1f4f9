#include "milter/gentle_end.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <string_view>

#include "tecs/adapters/file_descriptor.hpp"

namespace tecs {
namespace {

// Both ends of a connection; nothing here waits.
class GentleEndTest : public testing::Test {
 protected:
  GentleEndTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours = FileDescriptor(ends[0]);
    theirs = FileDescriptor(ends[1]);
  }
  static bool say(const FileDescriptor& from, std::string_view text) {
    return send(from.number(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  // "" at the end of the stream, "nothing" when the other side may still say something.
  static std::string hear(const FileDescriptor& by) {
    std::array<char, 64> buffer{};
    const ssize_t count = recv(by.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    return count < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(count));
  }

  FileDescriptor ours;
  FileDescriptor theirs;
  GentleEnd end;
};

TEST_F(GentleEndTest, AtRestItEndsAtOnce) {
  end.before_read(ours.number(), false);
  EXPECT_EQ(hear(ours), "nothing");
  end.begin(ours.number());
  EXPECT_EQ(hear(ours), "");
}

TEST_F(GentleEndTest, WhatHasComeIsReadAndAnswered) {
  end.before_read(ours.number(), false);
  EXPECT_TRUE(say(theirs, "question"));
  end.begin(ours.number());
  EXPECT_EQ(hear(ours), "question");
  EXPECT_TRUE(say(ours, "answer"));
  EXPECT_EQ(hear(theirs), "answer");
  EXPECT_EQ(hear(ours), "");
  EXPECT_FALSE(say(theirs, "further question")) << "nobody would read it";
}

TEST_F(GentleEndTest, ANewConnectionIsAmidItsHandshake) {
  end.begin(ours.number());
  end.before_read(ours.number(), true);
  EXPECT_EQ(hear(ours), "nothing");
  EXPECT_TRUE(say(theirs, "handshake"));
  EXPECT_EQ(hear(ours), "handshake");
  end.after_read();
  end.before_read(ours.number(), false);
  EXPECT_EQ(hear(ours), "");
}

TEST_F(GentleEndTest, WhatIsBeingAnsweredComesToItsEnd) {
  end.before_read(ours.number(), false);
  EXPECT_TRUE(say(theirs, "question"));
  EXPECT_EQ(hear(ours), "question");
  end.after_read();
  end.begin(ours.number());
  EXPECT_TRUE(say(ours, "challenge"));
  end.before_read(ours.number(), true);
  EXPECT_TRUE(say(theirs, "its answer"));
  EXPECT_EQ(hear(ours), "its answer");
  end.after_read();
  end.before_read(ours.number(), false);
  EXPECT_EQ(hear(ours), "");
}

}  // namespace
}  // namespace tecs
