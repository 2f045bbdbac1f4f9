#include "milter/milter_connections.hpp"

#include "unit/milter/session_fixture.hpp"

namespace tecs {
namespace {

class Connections : public test::SessionTest {
 protected:
  ConnectionToDoor& add() {
    ConnectionToDoor& connection = connections.add(MilterReplies{true, false});
    connection.session = open();
    return connection;
  }

  std::vector<Verdict> verdicts;
  MilterConnections connections{[this](Verdict verdict) { verdicts.push_back(std::move(verdict)); }, log};
};

TEST_F(Connections, GiveOneVerdictForEachSession) {
  ConnectionToDoor& one = add();
  EXPECT_EQ(one.replies, (MilterReplies{true, false}));
  connections.close_session(one, MilterSession::End::closed);
  connections.close_session(one, MilterSession::End::closed);
  connections.remove(&one);
  connections.remove(&one);
  connections.remove(nullptr);
  EXPECT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(registry.size(), 0U);
}

TEST_F(Connections, CloseTheSessionWhenTheyGo) {
  connections.remove(&add());
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].detail, "");
}

TEST_F(Connections, AreInterruptedAtTheEnd) {
  add();
  std::ignore = connections.add(MilterReplies{});  // never told of a client
  add();
  connections.close_all(MilterSession::End::interrupted);
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_NE(verdicts[1].detail.find("interrupted"), std::string::npos);
}

TEST_F(Connections, SurviveASinkThatThrows) {
  MilterConnections failing{[](const Verdict&) { throw std::runtime_error("out of luck"); }, log};
  ConnectionToDoor& connection = failing.add(MilterReplies{});
  connection.session = open();
  failing.give_up_session(&connection);
  EXPECT_EQ(connection.session, nullptr);
  EXPECT_NE(logged.str().find("a verdict is lost: out of luck"), std::string::npos);
  failing.give_up_session(nullptr);
}

}  // namespace
}  // namespace tecs
