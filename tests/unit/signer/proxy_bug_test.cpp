// The end of a proxy whose loop has thrown.
#include <future>
#include <stdexcept>

#include "unit/signer/proxy_fixture.hpp"

namespace tecs::test {
namespace {

using ProxyBug = ProxyTest;

// The sessions that are under way then are referred to by what waits in the loop.
TEST_F(ProxyBug, ends_it_in_order) {
  const ScriptedServer server({smtp("250 AUTH TECS-1\r\n")});
  settings_.relay.upstream = server.endpoint();
  auto proxy = make();
  ASSERT_TRUE(proxy);
  const ListenAddress door = (*proxy)->addresses().front();
  auto ran = std::async(std::launch::async, [&proxy] { (*proxy)->run(); });
  const auto waiting = Peer::connect(*Endpoint::make(door.address, door.port));
  EXPECT_EQ(waiting->reply(), "220 mx.example.com ESMTP");
  throws_ = true;
  Peer::connect(*Endpoint::make(door.address, door.port))->close();
  EXPECT_THROW(ran.get(), std::runtime_error);
  proxy->reset();
  EXPECT_TRUE(waiting->closed());
}

}  // namespace
}  // namespace tecs::test
