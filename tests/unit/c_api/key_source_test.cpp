#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

// A port of this host that nobody listens on, as the socket that has it reads nothing.
class SilentServer {
 public:
  SilentServer() : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    socklen_t length = sizeof address;
    EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    name_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() { close(socket_); }

  [[nodiscard]] const char* name() const noexcept { return name_.c_str(); }

 private:
  int socket_;
  std::string name_;
};

TEST(DnsKeySource, AsksTheResolverThatTheOptionsName) {
  const SilentServer server;
  const Options options(tecs_options_new(nullptr));
  ASSERT_EQ(tecs_options_set(options.get(), "resolver", server.name(), nullptr), 0);
  ASSERT_EQ(tecs_options_set(options.get(), "dns-timeout", "1ms", nullptr), 0);
  Failure failure;
  const Source source(tecs_key_source_new_dns(options.get(), failure.place()));
  ASSERT_TRUE(source) << failure.sentence();
  const Credential credential = sign("ed25519");
  const Verification verification =
      verify(tecs_credential_response(credential.get(), TECS_BASE64), source.get());
  EXPECT_EQ(tecs_verification_result(verification.get()), TECS_RESULT_TEMPERROR);
  EXPECT_STREQ(tecs_verification_reason(verification.get()), "dns-timeout");
  EXPECT_STREQ(tecs_verification_domain(verification.get()), "example.org");
}

}  // namespace
}  // namespace tecs::c_api
