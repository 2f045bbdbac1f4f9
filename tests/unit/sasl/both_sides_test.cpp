// What the client's side sends is what the server's side hands to the door, and the door's challenge is what
// the client's side answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tecs/base64.hpp"
#include "tecs/credential.hpp"
#include "unit/sasl/client_plugin_fixture.hpp"
#include "unit/sasl/scripted_door.hpp"

namespace tecs {
namespace {

using namespace test;
using testing::EndsWith;

class BothSidesTest : public ClientPluginTest {
 protected:
  // The connection as the server sees it.
  Connection serve(const std::string& door) {
    application.configuration["tecs_socket"] = door;
    begin();
    if (sasl_server_init(callbacks.data(), "unit-test") != SASL_OK)
      throw std::runtime_error("sasl_server_init");
    sasl_conn_t* connection = nullptr;
    if (sasl_server_new("smtp", "mx.example.net", nullptr, server_end, client_end, nullptr, 0, &connection) !=
        SASL_OK) {
      throw std::runtime_error("sasl_server_new");
    }
    return Connection(connection);
  }
};

INSTANTIATE_TEST_SUITE_P(Plugin, BothSidesTest, testing::Values(Origin::loaded),
                         [](const auto&) { return "Loaded"; });

TEST_P(BothSidesTest, InitialResponse) {
  ScriptedDoor door(answering("OK\t1\tuser=tecs:sender.example\n"));
  const Connection server = serve(door.option());
  const Connection client = connect();
  const Sent sent = start(client.get());
  const char* out = nullptr;
  unsigned length = 0;
  EXPECT_EQ(sasl_server_start(server.get(), "TECS-1", sent.octets.data(),
                              static_cast<unsigned>(sent.octets.size()), &out, &length),
            SASL_OK);
  door.join();
  EXPECT_THAT(door.heard().back(), EndsWith("\tresp=" + encode_base64(octets_of(sent.octets))));
  EXPECT_EQ(Credential::parse(sent.octets)->domain.text(), "sender.example");
}

TEST_P(BothSidesTest, Challenge) {
  configure("identity = sender.example - " + key_file + "\nnat = always\n");
  ScriptedDoor door([](ScriptedDoor::Peer& peer) {
    peer.say(test::door_greeting);
    for (int line = 0; line < 3; ++line) (void)peer.hear();
    peer.say("CONT\t1\tYz0xOTIuMC4yLjEwOjQwMjEzOyB0PTE=\n");
    (void)peer.hear();
    peer.say("OK\t1\tuser=tecs:sender.example\n");
    peer.wait_for_the_end();
  });
  const Connection server = serve(door.option());
  const Connection client = connect();
  EXPECT_EQ(start(client.get()).code, SASL_CONTINUE);
  const char* out = nullptr;
  unsigned length = 0;
  ASSERT_EQ(sasl_server_start(server.get(), "TECS-1", nullptr, 0, &out, &length), SASL_CONTINUE);
  const Sent sent = answer(client.get(), std::string(out, length));
  EXPECT_EQ(sent.code, SASL_OK);
  EXPECT_EQ(sasl_server_step(server.get(), sent.octets.data(), static_cast<unsigned>(sent.octets.size()),
                             &out, &length),
            SASL_OK);
  door.join();
  EXPECT_EQ(door.heard().back(), "CONT\t1\t" + encode_base64(octets_of(sent.octets)));
}

}  // namespace
}  // namespace tecs
