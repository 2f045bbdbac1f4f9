#include "signer/destination_line.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

using Destination = std::variant<AnyDestination, Network, std::string>;

TEST(DestinationLine, says_what_it_is_for) {
  struct Row {
    const char* text;
    Destination want;
  };
  for (const Row& row : {
           Row{"default may", AnyDestination{}},
           Row{"192.0.2.1 may", *Network::parse("192.0.2.1/32")},
           Row{"192.0.2.0/24 may", *Network::parse("192.0.2.0/24")},
           Row{"::ffff:192.0.2.1 may", *Network::parse("192.0.2.1/32")},
           Row{"2001:db8::25 may", *Network::parse("2001:db8::25/128")},
           Row{"2001:db8::/32\tmay", *Network::parse("2001:db8::/32")},
           Row{"MX.Example.COM may", std::string("mx.example.com")},
           Row{"relay may", std::string("relay")},
           Row{"mx.example.c0 may", std::string("mx.example.c0")},
       }) {
    const auto line = DestinationLine::parse(row.text);
    ASSERT_TRUE(line) << row.text << ": " << line.error().sentence;
    EXPECT_EQ(line->destination, row.want) << row.text;
  }
}

TEST(DestinationLine, says_what_holds) {
  const auto line =
      DestinationLine::parse("192.0.2.1  verify\tconnections=20 name=MX.example.com signature=always");
  ASSERT_TRUE(line) << line.error().sentence;
  const DestinationPolicy policy = line->policy({});
  EXPECT_EQ(policy.tls, TlsLevel::verify);
  EXPECT_EQ(policy.name, "mx.example.com");
  EXPECT_EQ(policy.signature, SignatureDemand::always);
  EXPECT_EQ(policy.maximum_connections, 20U);
}

TEST(DestinationLine, takes_a_server_out_of_what_is_signed) {
  const DestinationPolicy standard{.signature = SignatureDemand::always};
  EXPECT_EQ(DestinationLine::parse("192.0.2.1 may signature=never")->policy(standard).signature,
            SignatureDemand::never);
}

TEST(DestinationLine, leaves_the_rest_as_by_default) {
  const DestinationPolicy standard{
      .tls = TlsLevel::encrypt, .signature = SignatureDemand::offered, .maximum_connections = 5};
  const DestinationPolicy policy = DestinationLine::parse("192.0.2.1 none")->policy(standard);
  EXPECT_EQ(policy.tls, TlsLevel::none);
  EXPECT_EQ(policy.signature, SignatureDemand::offered);
  EXPECT_EQ(policy.maximum_connections, 5U);
  EXPECT_EQ(DestinationLine::parse("192.0.2.1 none connections=0")->policy(standard).maximum_connections, 0U)
      << "any number";
}

TEST(DestinationLine, names_what_is_wrong) {
  const std::string needs_name =
      " for an address needs name=HOST: an address does not tell which name the server's certificate must "
      "have";
  const std::string no_destination = " is not an address, a network, the name of a host or default";
  struct Row {
    const char* text;
    std::string want;
  };
  for (const Row& row : {
           Row{"192.0.2.1", "a line is a destination and its TLS level, like 192.0.2.25 encrypt"},
           Row{"192.0.2.1 maybe", "\"maybe\" is not none, may, encrypt, verify or dane"},
           Row{"*.example.com may", "\"*.example.com\"" + no_destination},
           Row{"m\"x may", R"("m\x22x")" + no_destination},
           Row{"192.0.2.256 may", "not an address or a network such as 192.0.2.0/24"},
           Row{"192.0.2.1:25 may", "not an address or a network such as 192.0.2.0/24"},
           Row{"192.0.2.1/24 may", "bits are set beyond the network; did you mean 192.0.2.0/24"},
           Row{"192.0.2.1 verify", "verify" + needs_name},
           Row{"192.0.2.0/24 dane", "dane" + needs_name},
           Row{"mx.example.com verify name=mx.example.net", "name= is for an address or a network only"},
           Row{"default may name=mx.example.net", "name= is for an address or a network only"},
           Row{"192.0.2.1 verify name=192.0.2.1", "name=: \"192.0.2.1\" is not the name of a host"},
           Row{"192.0.2.1 verify name=", "name=: \"\" is not the name of a host"},
           Row{"192.0.2.1 verify name", "name=: \"\" is not the name of a host"},
           Row{"192.0.2.1 may name=a name=b", "name= stands twice"},
           Row{"192.0.2.1 may signature=none", "signature=: \"none\" is not never, may, offered or always"},
           Row{"192.0.2.1 may signature=may signature=may", "signature= stands twice"},
           Row{"192.0.2.1 may connections=-1", "connections=: must be a number from 0 to 1000000"},
           Row{"192.0.2.1 may connections=1 connections=2", "connections= stands twice"},
           Row{"192.0.2.1 may encrypt",
               "\"encrypt\" is not name=HOST, signature=never|may|offered|always or connections=N"},
       }) {
    const auto line = DestinationLine::parse(row.text);
    ASSERT_FALSE(line) << row.text;
    EXPECT_EQ(line.error().reason, Reason::bad_option) << row.text;
    EXPECT_EQ(line.error().sentence, row.want) << row.text;
  }
}

}  // namespace
}  // namespace tecs
