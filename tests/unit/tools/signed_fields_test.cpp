#include "tools/signed_fields.hpp"

#include <gtest/gtest.h>

namespace tecs {
namespace {

// 2007-02-07 00:00:00 UTC.
const Epoch midnight = Epoch::nearest(std::chrono::sys_seconds{std::chrono::seconds{1170806400}});

ConnectionTuple tuple(const std::string& destination, const std::string& source) {
  return *ConnectionTuple::make(*Endpoint::parse(destination), *Endpoint::parse(source));
}

std::string list(const ConnectionTuple& connection) {
  std::string text;
  for (const SignedField& field : signed_fields(connection, midnight))
    text += field.name + " " + field.octets + " " + field.meaning + "\n";
  return text;
}

TEST(SignedFields, HaveNames) {
  EXPECT_EQ(list(tuple("192.0.2.25:25", "198.51.100.7:40213")),
            "prefix 544543532d3100 \"TECS-1\" and a NUL\n"
            "destination 04c00002190019 192.0.2.25:25\n"
            "source 04c63364079d15 198.51.100.7:40213\n"
            "epoch 0000000045c91680 2007-02-07 00:00:00 UTC\n");
  EXPECT_EQ(list(tuple("[2001:db8::25]:25", "[2001:db8::7]:40213")),
            "prefix 544543532d3100 \"TECS-1\" and a NUL\n"
            "destination 0620010db80000000000000000000000250019 [2001:db8::25]:25\n"
            "source 0620010db80000000000000000000000079d15 [2001:db8::7]:40213\n"
            "epoch 0000000045c91680 2007-02-07 00:00:00 UTC\n");
}

TEST(SignedFields, AreAllOfTheOctets) {
  for (const auto& connection :
       {tuple("192.0.2.25:25", "198.51.100.7:40213"), tuple("[2001:db8::25]:25", "[2001:db8::7]:40213")}) {
    std::string all;
    for (const SignedField& field : signed_fields(connection, midnight)) all += field.octets;
    EXPECT_EQ(all, hexadecimal(SignedOctets(connection, midnight).octets()));
  }
}

}  // namespace
}  // namespace tecs
