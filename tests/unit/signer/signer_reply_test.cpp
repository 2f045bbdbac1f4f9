#include "signer/signer_reply.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

TEST(SignerReply, names_the_host_and_the_reason) {
  EXPECT_EQ(signer_reply("421 4.4.2", "relay.example.org", "the server is gone"),
            "421 4.4.2 relay.example.org TECS signer: the server is gone\r\n");
}

TEST(SignerReply, is_at_most_512_octets_long) {
  const std::string reply = signer_reply("421 4.4.2", std::string(250, 'h'), std::string(600, 'r'));
  EXPECT_EQ(reply.size(), 512U);
  EXPECT_TRUE(reply.ends_with("r\r\n"));
}

}  // namespace
}  // namespace tecs
