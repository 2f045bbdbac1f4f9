#include "program/service_notification.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace tecs {
namespace {

// The socket on which systemd listens.
class ServiceNotification : public testing::Test {
 protected:
  void SetUp() override {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ASSERT_LT(path_.size(), sizeof(address.sun_path));
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    std::filesystem::remove(path_);
    ASSERT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  }
  ~ServiceNotification() override {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
    std::filesystem::remove(path_);
  }

  std::string received() const {
    std::array<char, 256> text{};
    const ssize_t size = recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
  }

  const std::string path_ = testing::TempDir() + "notify-" + std::to_string(getpid());
  const int socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST_F(ServiceNotification, SaysReady) {
  notify_ready();
  EXPECT_EQ(received(), "READY=1");
}

TEST_F(ServiceNotification, SaysStopping) {
  notify_stopping();
  EXPECT_EQ(received(), "STOPPING=1");
}

TEST_F(ServiceNotification, SaysReloadingWithTheTimeItBegan) {
  notify_reloading();
  EXPECT_EQ(received().rfind("RELOADING=1\nMONOTONIC_USEC=", 0), 0U);
}

TEST_F(ServiceNotification, KnowsHowLongTheWatchdogWaits) {
  EXPECT_FALSE(watchdog_patience());
  setenv("WATCHDOG_USEC", "30000000", 1);
  EXPECT_EQ(watchdog_patience(), std::chrono::seconds(30));
  unsetenv("WATCHDOG_USEC");
  notify_alive();
  EXPECT_EQ(received(), "WATCHDOG=1");
}

TEST_F(ServiceNotification, StatusIsOneLine) {
  notify_status("12 sessions\nREADY=1");
  EXPECT_EQ(received(), "STATUS=12 sessions READY=1");
}

TEST_F(ServiceNotification, IsSilentOutsideSystemd) {
  unsetenv("NOTIFY_SOCKET");
  notify_ready();
  EXPECT_EQ(received(), "nothing");
}

}  // namespace
}  // namespace tecs
