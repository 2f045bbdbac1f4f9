#include <algorithm>
#include <array>

#include "unit/c_api/c_objects.hpp"

namespace tecs::c_api {
namespace {

bool same(const tecs_endpoint& left, const tecs_endpoint& right) {
  return left.port == right.port && left.family == right.family &&
         std::equal(std::begin(left.address), std::end(left.address), std::begin(right.address));
}

// A client behind address translation, and what a challenge made of its view.
struct Client {
  tecs_tuple connection = tuple("192.0.2.25:25", "10.0.0.7:1025");
  std::int64_t time = noon;
  Failure failure;

  int use(std::string_view challenge, unsigned skew = 60, int encoding = TECS_DECODED) {
    return tecs_challenge_use(challenge.data(), challenge.size(), encoding, skew, &connection, &time,
                              failure.place());
  }
};

TEST(Challenge, SaysWhatTheClientSigns) {
  Client client;
  EXPECT_EQ(client.use("c=198.51.100.7:40213; t=1170806440"), 0);
  EXPECT_TRUE(same(client.connection.source, endpoint("198.51.100.7:40213")));
  EXPECT_TRUE(same(client.connection.destination, endpoint("192.0.2.25:25")));
  EXPECT_EQ(client.time, 1170806440);
}

TEST(Challenge, DoesNotMoveTheClockFurtherThanTheSkew) {
  Client client;
  EXPECT_EQ(client.use("c=198.51.100.7:40213; t=1170806471"), 0);
  EXPECT_EQ(client.time, noon);
  EXPECT_TRUE(same(client.connection.source, endpoint("198.51.100.7:40213")));
}

TEST(Challenge, OfTheOtherFamilyDoesNotCount) {
  Client client;
  EXPECT_EQ(client.use("c=[2001:db8::7]:40213; t=1170806410"), 0);
  EXPECT_TRUE(same(client.connection.source, endpoint("10.0.0.7:1025")));
}

TEST(Challenge, ThatIsEmptyOrCannotBeReadChangesNothing) {
  struct Row {
    std::string_view challenge;
    int encoding;
    const char* want_reason;
  };
  for (const Row& row :
       {Row{"", TECS_DECODED, ""}, Row{"", TECS_BASE64, ""},
        Row{"c=198.51.100.7:0; t=1", TECS_DECODED, "bad-challenge"},
        Row{"c=198.51.100.7:1; t=1", TECS_BASE64, "bad-challenge"},
        Row{std::string_view("c=1\0", 4), TECS_DECODED, "bad-challenge"}, Row{"", 2, "bad-option"}}) {
    Client client;
    client.use(row.challenge, 60, row.encoding);
    EXPECT_EQ(client.failure.reason(), row.want_reason) << row.challenge;
    EXPECT_TRUE(same(client.connection.source, endpoint("10.0.0.7:1025")));
    EXPECT_EQ(client.time, noon);
  }
}

TEST(Challenge, HasALongestSkew) {
  Client client;
  EXPECT_EQ(client.use("", 3600), 0);
  EXPECT_EQ(client.use("", 3601), -1);
  EXPECT_EQ(client.failure.reason(), "bad-option");
  EXPECT_EQ(client.use("", static_cast<unsigned>(-1)), -1);
}

TEST(Challenge, OfAServerIsReadByAClient) {
  const tecs_endpoint longest = endpoint("[2001:db8:1111:2222:3333:4444:5555:6666]:65535");
  std::array<char, TECS_CHALLENGE_SIZE> sent{};
  ASSERT_EQ(tecs_challenge_format(&longest, 253402300799, TECS_BASE64, sent.data(), nullptr), 0);
  Client client;
  client.connection = tuple("[2001:db8::25]:25", "[fd00::7]:1025");
  EXPECT_EQ(client.use(sent.data(), 3600, TECS_BASE64), 0) << client.failure.sentence();
  EXPECT_TRUE(same(client.connection.source, longest));
  ASSERT_EQ(tecs_challenge_format(&client.connection.destination, noon, TECS_DECODED, sent.data(), nullptr),
            0);
  EXPECT_STREQ(sent.data(), "c=[2001:db8::25]:25; t=1170806410");
}

TEST(Challenge, OfAServerRefusesWhatCannotBe) {
  std::array<char, TECS_CHALLENGE_SIZE> sent{};
  tecs_endpoint client = endpoint("198.51.100.7:40213");
  Failure failure;
  EXPECT_EQ(tecs_challenge_format(&client, -1, TECS_BASE64, sent.data(), failure.place()), -1);
  EXPECT_EQ(failure.reason(), "bad-option");
  EXPECT_EQ(tecs_challenge_format(&client, noon, 7, sent.data(), failure.place()), -1);
  EXPECT_EQ(failure.reason(), "bad-option");
  client.port = 0;
  EXPECT_EQ(tecs_challenge_format(&client, noon, TECS_BASE64, sent.data(), failure.place()), -1);
  EXPECT_EQ(failure.reason(), "bad-endpoint");
}

}  // namespace
}  // namespace tecs::c_api
