// The proxy when there is no memory for a session.
#include <chrono>

#include "unit/signer/proxy_fixture.hpp"

namespace tecs::test {
namespace {

using ProxyMemory = ProxyTest;

// A session asks for the time when it begins, and that is where it meets what the clock throws.
TEST_F(ProxyMemory, that_one_session_lacks_is_no_end_of_accepting) {
  settings_.tick = std::chrono::hours(1);  // the proxy itself must not be the one that asks
  const ScriptedServer server({smtp("250 AUTH TECS-1\r\n")});
  start(server.endpoint());
  for (int time = 1; time <= 2; ++time) {
    clock_.throw_once();
    EXPECT_TRUE(connect()->closed());
    EXPECT_EQ(statistics().sessions, 0U);
    const auto next = connect();
    ASSERT_EQ(next->reply(), "220 mx.example.com ESMTP");
    EXPECT_EQ(next->ask("QUIT"), "221 2.0.0 Bye");
    next->close();
    ASSERT_TRUE(eventually([this] { return statistics().sessions == 0; }));
  }
  const std::string complaint = "cannot accept connections, will go on trying: Cannot allocate memory";
  const std::string lines = log();
  ASSERT_NE(lines.find(complaint), std::string::npos) << lines;
  EXPECT_EQ(lines.find(complaint), lines.rfind(complaint)) << "said once a minute";
}

}  // namespace
}  // namespace tecs::test
