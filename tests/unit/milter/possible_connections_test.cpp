#include "milter/possible_connections.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tecs {
namespace {

Endpoint endpoint(const char* text) {
  return *Endpoint::parse(text);
}

const SessionQuery from_postfix{*IpAddress::parse("198.51.100.7"), {}, *IpAddress::parse("10.0.0.5"), {}, {}};
const SessionQuery from_plugin{*IpAddress::parse("198.51.100.7"), 1001, *IpAddress::parse("10.0.0.5"), 25,
                               4711};

class PossibleConnectionsTest : public testing::Test {
 protected:
  // Each as "source destination".
  std::vector<std::string> tuples(const SessionQuery& origin) {
    std::vector<std::string> found;
    possible = possible_connections(registry, origin, addresses);
    for (const ConnectionTuple& tuple : possible.tuples) {
      found.push_back(tuple.source().format() + " " + tuple.destination().format());
    }
    return found;
  }
  SessionId open(const char* client) {
    return *registry.open({endpoint(client), endpoint("10.0.0.5:25"), {}});
  }

  SessionRegistry registry;
  PublicAddresses addresses = *PublicAddresses::make(
      {*PublicAddress::parse("10.0.0.5=192.0.2.25"), *PublicAddress::parse("10.0.0.5:25=192.0.2.26:26")});
  PossibleConnections possible;
};

using Tuples = std::vector<std::string>;

TEST_F(PossibleConnectionsTest, AreOfEachSessionAsTheWorldAndAsItselfSeesIt) {
  const SessionId older = open("198.51.100.7:1001");
  const SessionId newer = open("198.51.100.7:1002");
  EXPECT_EQ(tuples(from_postfix),
            (Tuples{"198.51.100.7:1002 192.0.2.25:25", "198.51.100.7:1002 192.0.2.26:26",
                    "198.51.100.7:1002 10.0.0.5:25", "198.51.100.7:1001 192.0.2.25:25",
                    "198.51.100.7:1001 192.0.2.26:26", "198.51.100.7:1001 10.0.0.5:25"}));
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(possible.session(i)->session, i < 3 ? newer : older);
  EXPECT_FALSE(possible.session(std::nullopt)) << "it may be either";
  EXPECT_FALSE(possible.tuple(std::nullopt));
  EXPECT_EQ(possible.tuple(4)->destination(), endpoint("192.0.2.26:26"));
}

TEST_F(PossibleConnectionsTest, OfOneSessionTheSessionIsKnownEvenIfItsServersEndIsNot) {
  const SessionId only = open("198.51.100.7:1001");
  EXPECT_EQ(tuples(from_postfix).size(), 3U);
  EXPECT_EQ(possible.session(std::nullopt)->session, only);
  EXPECT_FALSE(possible.tuple(std::nullopt));
  addresses = PublicAddresses();
  EXPECT_EQ(tuples(from_postfix).size(), 1U);
  EXPECT_EQ(possible.tuple(std::nullopt)->destination(), endpoint("10.0.0.5:25"));
}

TEST_F(PossibleConnectionsTest, WithoutASessionTheRequestItselfCounts) {
  EXPECT_EQ(tuples(from_plugin), (Tuples{"198.51.100.7:1001 192.0.2.25:25", "198.51.100.7:1001 192.0.2.26:26",
                                         "198.51.100.7:1001 10.0.0.5:25"}));
  EXPECT_FALSE(possible.session(1)) << "there is none";
  EXPECT_EQ(possible.tuple(1)->destination(), endpoint("192.0.2.26:26"));
  EXPECT_EQ(tuples(from_postfix), Tuples{}) << "which names no ports";
  EXPECT_EQ(tuples({}), Tuples{});
}

TEST_F(PossibleConnectionsTest, WithASessionTheRequestItselfDoesNot) {
  open("198.51.100.7:1001");
  EXPECT_EQ(tuples(from_plugin).size(), 3U);
  EXPECT_TRUE(possible.session(0)->certain);
}

}  // namespace
}  // namespace tecs
